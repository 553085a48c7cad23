/**
 * Partitions of a stream: which entries are in which, which worker has which, and the lease under
 * which a worker reads and settles one. The protocol and why each part of it is needed are in
 * docs/partitions.md; the module testing/model tries it.
 */
@NullMarked
package io.streamfleet.worker.partition;

import org.jspecify.annotations.NullMarked;
