package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.entry.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A task of the loop failed, by a mistake of ours, and nobody knows over which entry: once what is
 * under way has ended, it shows. Belongs to the pipeline's loop.
 */
final class TaskFailures {

  /** From a task that failed to the search for what it left behind. */
  private static final Duration STOCK = Duration.ofSeconds(1);

  private final Shared shared;
  private final EntryPath path;
  private boolean stockIsDue;

  TaskFailures(Shared shared, EntryPath path) {
    this.shared = shared;
    this.path = path;
  }

  void failed(Throwable failure) {
    shared.log().bug(failure);
    if (!stockIsDue) {
      stockIsDue = true;
      shared.loop().after(STOCK, this::takeStock);
    }
  }

  /** Finds entries in flight that nobody works on any more. */
  private void takeStock() {
    stockIsDue = false;
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
