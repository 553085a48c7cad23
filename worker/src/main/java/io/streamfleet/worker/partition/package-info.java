/**
 * Partitions of a stream: the partition of an entry, the worker of a partition, and the lease under
 * which a worker reads and settles it. docs/partitions.md explains the protocol; the module
 * testing/model checks it.
 */
@NullMarked
package io.streamfleet.worker.partition;

import org.jspecify.annotations.NullMarked;
