package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import java.util.function.LongSupplier;

/**
 * The duration of the longest call of the handler that is running, since a call that hangs is in no
 * histogram before it ends. The value is that of the last check: computed at the time of the query,
 * a call of a millisecond would seem to take as long as the time since the check. Belongs to the
 * pipeline's loop, except for {@link #nanos()}.
 */
final class LongestCall {

  private final LongSupplier nanoTime;
  private volatile long nanos;

  LongestCall(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Updates the value. */
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

  /** In nanoseconds; 0 if no call is running. Thread-safe. */
  long nanos() {
    return nanos;
  }
}
