package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The orders of a pipeline: lanes for entries that keep the order of their channel, if the manifest
 * asks for it, and none for others. Belongs to the pipeline's loop, except for the counts.
 */
public final class DispatchOrders {

  private final Unordered unordered;
  private final @Nullable Lanes lanes;

  /**
   * @param lanes null if no entry waits for another
   */
  public DispatchOrders(Unordered unordered, @Nullable Lanes lanes) {
    this.unordered = unordered;
    this.lanes = lanes;
  }

  /** Adds an entry; it is started as soon as its order permits. */
  public void offer(Entry entry) {
    if (lanes != null && entry.addressed()) {
      lanes.offer(entry);
    } else {
      unordered.offer(entry);
    }
  }

  /** Starts the periodic tasks. */
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

  /** Starts no more entries; handlers that run continue. */
  public void drain() {
    if (lanes != null) {
      lanes.drain();
    }
    unordered.drain();
  }

  /** Releases all locks; completes when Redis has answered. */
  public CompletableFuture<Void> releaseAll() {
    return lanes == null ? CompletableFuture.completedFuture(null) : lanes.releaseAll();
  }

  // --- the gate

  /** The gate was closed: only probes may start, and locks that are not needed are released. */
  public void hold() {
    if (lanes != null) {
      lanes.hold();
    }
  }

  /** The gate was opened: everything may start again. */
  public void letGo() {
    unordered.letGo();
    if (lanes != null) {
      lanes.letGo();
    }
  }

  /** The entries that wait for the gate to open. */
  public List<Entry> held() {
    List<Entry> held = new ArrayList<>(unordered.held());
    if (lanes != null) {
      held.addAll(lanes.held());
    }
    return held;
  }

  /** The entries that can be a probe. */
  public List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>(unordered.candidates());
    if (lanes != null) {
      candidates.addAll(lanes.candidates());
    }
    return candidates;
  }

  /** The probe has ended, or was not started. */
  public void probed() {
    if (lanes != null) {
      lanes.probed();
    }
  }

  // --- parked entries

  /**
   * A search for entries that were left out of lanes starts: they arrive before new entries, the
   * oldest first.
   */
  public void lookBegins(StreamConsumer stream) {
    if (lanes != null) {
      lanes.lookBegins(stream);
    }
  }

  /** The parked entries of a channel. */
  public List<ParkedEntry> parked(String channel) {
    return lanes == null ? List.of() : lanes.parked(channel);
  }

  /** Whether parked entries wait for room to be fetched. */
  public boolean wantRoom() {
    return unordered.wantsRoom() || (lanes != null && lanes.wantRoom());
  }

  // --- counts; thread-safe

  /** How many lanes are stopped because Redis refuses the key of their lock. */
  public int refusedCount() {
    return lanes == null ? 0 : lanes.refusedCount();
  }

  /** The approximate number of lanes. */
  public int laneCount() {
    return lanes == null ? 0 : lanes.size();
  }
}
