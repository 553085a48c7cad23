package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Whether a handler may begin with an entry, asked on its thread in the moment before: the breaker
 * may have opened meanwhile, and the lease of its partition may have run out.
 */
record LastCheck(ByStream<StreamParts> streams, Admission admission, LongSupplier nanoTime)
    implements Predicate<Entry> {

  @Override
  public boolean test(Entry entry) {
    StreamParts stream = streams.of(entry);
    return (!stream.isLeased() || stream.leased().isSure(nanoTime.getAsLong()))
        && admission.admits(entry);
  }
}
