package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The end of a partition whose lease is lost: its handlers are interrupted, nothing of it is
 * settled, and what is pending is the next owner's. Belongs to the pipeline's loop.
 */
final class PartitionLoss {

  /** An interrupted handler ends within moments, and the partition waits for that. */
  private static final Duration LOOK = Duration.ofMillis(10);

  private final EventLoop loop;
  private final Duration patience;
  private final StreamIntake intake;
  private final StreamEntries entries;
  private final List<Entry> handled = new ArrayList<>();
  private long deadline;

  PartitionLoss(Shared shared, StreamIntake intake) {
    this.loop = shared.loop();
    this.patience = shared.settings().drainTimeout();
    this.intake = intake;
    this.entries = intake.entries();
  }

  /**
   * Begins.
   *
   * @param ended hears that no handler is at it any more, or that the time for that is over
   */
  void begin(Runnable ended) {
    deadline = loop.now() + patience.toNanos();
    entries.pending().entries().stream().filter(Entry::isHandled).forEach(handled::add);
    intake.parts().leased().end();
    letGo(entries);
    look(ended);
  }

  /** Nothing of a partition is in flight any more, or known. */
  static void letGo(StreamEntries entries) {
    for (Entry entry : List.copyOf(entries.pending().entries())) {
      boolean settling = entry.settling();
      entries.lose(entry);
      if (settling && entry.lease() instanceof DispatchOrder.Place place) {
        place.order().abandon(entry);
      }
    }
    entries.forget(known(entries));
  }

  /** What is known by id only. */
  static Set<EntryId> known(StreamEntries entries) {
    Set<EntryId> ids = new HashSet<>(entries.pending().waitingIds());
    ids.addAll(entries.pending().parked());
    return ids;
  }

  private void look(Runnable ended) {
    handled.removeIf(entry -> !entry.isHandled());
    boolean quiet =
        handled.isEmpty()
            && !intake.parts().fetchQueue().underWay()
            && entries.pending().size() == 0;
    if (quiet || loop.now() - deadline >= 0) {
      letGo(entries);
      ended.run();
    } else {
      loop.after(LOOK, () -> look(ended));
    }
  }
}
