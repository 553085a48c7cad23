package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import java.util.function.LongSupplier;

/**
 * For how long the longest call of the handler has run that runs now: a call that hangs is in no
 * histogram before it ends. It is as of the last look: counted on from there, a handler that takes
 * a millisecond would seem to take as long as the time between two looks. Belongs to the pipeline's
 * loop, but for {@link #nanos()}.
 */
final class LongestCall {

  private final LongSupplier nanoTime;
  private volatile long nanos;

  LongestCall(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Looks once. */
  void look(EntryPath path) {
    long now = nanoTime.getAsLong();
    nanos =
        path.dispatcher().running() == 0
            ? 0
            : path.intakes().all().stream()
                .flatMap(intake -> intake.entries().pending().entries().stream())
                .filter(Entry::isHandled)
                .mapToLong(entry -> now - entry.startedAt())
                .reduce(0, Math::max);
  }

  /** In nanoseconds; 0 where none runs. */
  long nanos() {
    return nanos;
  }
}
