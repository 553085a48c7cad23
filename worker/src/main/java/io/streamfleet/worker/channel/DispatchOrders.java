package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The orders of a pipeline: lanes for entries that keep their place in their channel, where that is
 * asked for, and none for the others. Belongs to the pipeline's loop, but for the counts.
 */
public final class DispatchOrders {

  private final Unordered unordered;
  private final @Nullable Lanes lanes;

  /**
   * @param lanes none where no entry waits for another
   */
  public DispatchOrders(Unordered unordered, @Nullable Lanes lanes) {
    this.unordered = unordered;
    this.lanes = lanes;
  }

  /** Takes an entry in; it will be run when its time comes. */
  public void offer(Entry entry) {
    if (lanes != null && entry.addressed()) {
      lanes.offer(entry);
    } else {
      unordered.offer(entry);
    }
  }

  /** Begins the periodic work. */
  public void start() {
    if (lanes != null) {
      lanes.start();
    }
  }

  /** Called at the end of each turn. */
  public void turn() {
    if (lanes != null) {
      lanes.turn();
    }
    unordered.turn();
  }

  /** Starts nothing any more; what runs goes on. */
  public void drain() {
    if (lanes != null) {
      lanes.drain();
    }
    unordered.drain();
  }

  /** Gives up all locks; completes when Redis has answered. */
  public CompletableFuture<Void> releaseAll() {
    return lanes == null ? CompletableFuture.completedFuture(null) : lanes.releaseAll();
  }

  // --- the gate is shut, and opens again

  /** Nothing may start any more but probes: locks that are not needed are given up. */
  public void hold() {
    if (lanes != null) {
      lanes.hold();
    }
  }

  /** Everything may start again. */
  public void letGo() {
    unordered.letGo();
    if (lanes != null) {
      lanes.letGo();
    }
  }

  /** The entries that wait for everything to start again. */
  public List<Entry> held() {
    List<Entry> held = new ArrayList<>(unordered.held());
    if (lanes != null) {
      held.addAll(lanes.held());
    }
    return held;
  }

  /** What can be a probe. */
  public List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>(unordered.candidates());
    if (lanes != null) {
      candidates.addAll(lanes.candidates());
    }
    return candidates;
  }

  /** The probe is over, or did not come about. */
  public void probed() {
    if (lanes != null) {
      lanes.probed();
    }
  }

  // --- parked entries

  /**
   * What was left of a stream is looked for: all of it comes before anything new, the oldest first.
   */
  public void lookBegins(StreamConsumer stream) {
    if (lanes != null) {
      lanes.lookBegins(stream);
    }
  }

  /** The entries of a channel that are parked. */
  public List<ParkedEntry> parked(String channel) {
    return lanes == null ? List.of() : lanes.parked(channel);
  }

  /** Whether parked entries could not be fetched for want of room, and are to be soon. */
  public boolean wantRoom() {
    return unordered.wantsRoom() || (lanes != null && lanes.wantRoom());
  }

  // --- counts, from anywhere

  /** How many lanes stand still because Redis refuses their lock's key. */
  public int refusedCount() {
    return lanes == null ? 0 : lanes.refusedCount();
  }

  /** How many lanes there are; about right. */
  public int laneCount() {
    return lanes == null ? 0 : lanes.size();
  }
}
