package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Recovers from a task of the loop that failed because of a bug, when it is unknown which entry it
 * processed: after a moment, it looks for entries in flight that nothing processes any more.
 * Belongs to the pipeline's loop.
 */
final class TaskFailures {

  /** From a failed task to the search, so that other tasks of its entries have ended. */
  private static final Duration SEARCH_AFTER = Duration.ofSeconds(1);

  private final Shared shared;
  private final EntryPath path;
  private boolean isPlanned;

  TaskFailures(Shared shared, EntryPath path) {
    this.shared = shared;
    this.path = path;
  }

  void failed(Throwable failure) {
    shared.log().bug(failure);
    if (!isPlanned) {
      isPlanned = true;
      shared.loop().after(SEARCH_AFTER, this::search);
    }
  }

  /** Finds and recovers entries in flight that nothing processes any more. */
  private void search() {
    isPlanned = false;
    boolean idle = path.settlement().nothingIsOpen();
    List<Entry> forgotten = new ArrayList<>();
    for (StreamIntake intake : path.intakes()) {
      for (Entry entry : intake.entries().pending().entries()) {
        boolean settled = entry.settling() && !idle;
        if (!settled && !entry.isWithHandler() && !isHeld(entry)) {
          forgotten.add(entry);
        }
      }
    }
    path.internalFailures().recover(forgotten);
  }

  private static boolean isHeld(Entry entry) {
    return entry.lease() instanceof DispatchOrder.Place place && place.order().holds(entry);
  }
}
