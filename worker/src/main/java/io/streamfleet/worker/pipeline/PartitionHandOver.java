package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.group.ConsumerDeparture;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The end of a partition that is to be another worker's: nothing more is read or begun, what was
 * begun ends and is settled, and the rest is left pending, with the delivery of what was not begun
 * taken back. Belongs to the pipeline's loop.
 */
final class PartitionHandOver {

  /** A channel waits for this, and for nothing else, when its handler has ended. */
  private static final Duration LOOK = Duration.ofMillis(10);

  /** Interrupted handlers and last calls get this long, as when a worker ends. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final EventLoop loop;
  private final PipelineLog log;
  private final Duration patience;
  private final EntryPath path;
  private final StreamIntake intake;
  private final StreamEntries entries;
  private final LeasedPartition leased;
  private final ConsumerDeparture departure;

  /** What handlers have begun with, or what was not counted as delivered: its count stays. */
  private final Set<EntryId> tried = new TreeSet<>();

  /** Those that were interrupted since they took too long. */
  private final List<Entry> handled = new ArrayList<>();

  private long deadline;
  private boolean interrupted;

  PartitionHandOver(
      Shared shared, EntryPath path, StreamIntake intake, ConsumerDeparture departure) {
    this.loop = shared.loop();
    this.log = shared.log();
    this.patience = shared.settings().drainTimeout();
    this.path = path;
    this.intake = intake;
    this.entries = intake.entries();
    this.leased = intake.parts().leased();
    this.departure = departure;
  }

  /**
   * Begins.
   *
   * @param ended hears, when the lease may be given up, whether anything is left pending
   */
  void begin(Consumer<Boolean> ended) {
    deadline = loop.now() + patience.toNanos();
    leased.revoke();
    look(ended);
  }

  private void look(Consumer<Boolean> ended) {
    giveUpWhatIsNotBegun();
    boolean over = loop.now() - deadline >= 0;
    if (isQuiet() || (over && interrupted)) {
      leave(ended);
      return;
    }
    if (over) {
      interrupt();
    }
    loop.after(LOOK, () -> look(ended));
  }

  private void giveUpWhatIsNotBegun() {
    tried.addAll(TriedEntries.of(intake.entries(), path.deliveries()));
    for (Entry entry : List.copyOf(entries.pending().entries())) {
      if (!entry.settling() && (!entry.isWithHandler() || entry.withdraw())) {
        entries.giveUp(entry);
      }
    }
    entries.forget(PartitionLoss.known(entries));
  }

  private boolean isQuiet() {
    handled.removeIf(entry -> !entry.isHandled());
    return handled.isEmpty()
        && entries.pending().size() == 0
        && intake.parts().rejections().isIdle()
        && leased.isSettled()
        && leased.idle()
        && !intake.parts().fetchQueue().underWay();
  }

  /** A handler that hangs does not keep the partition. */
  private void interrupt() {
    interrupted = true;
    deadline = loop.now() + LAST_WORDS.toNanos();
    int count = 0;
    for (Entry entry : List.copyOf(entries.pending().entries())) {
      if (!entry.settling()) {
        if (entry.isHandled()) {
          handled.add(entry);
        }
        entries.lose(entry);
        count++;
      }
    }
    log.partitionHeldUp(intake.stream(), count);
  }

  private void leave(Consumer<Boolean> ended) {
    departure
        .leave(intake.stream().consumerGroup(), intake.stream().consumer(), tried)
        .orTimeout(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
        .handle((gone, failure) -> failure != null || !gone.nameGone())
        .thenAccept(
            left ->
                loop.execute(
                    () -> {
                      leased.end();
                      PartitionLoss.letGo(entries);
                      ended.accept(left);
                    }));
  }
}
