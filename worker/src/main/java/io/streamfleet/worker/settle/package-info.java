/** Settles entries: acknowledges, retries, emits, writes dead letters; records traces. */
@NullMarked
package io.streamfleet.worker.settle;

import org.jspecify.annotations.NullMarked;
