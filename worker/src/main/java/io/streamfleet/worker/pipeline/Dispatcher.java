package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.handle.HandlerExecutor;
import java.util.ArrayList;
import java.util.List;

/**
 * Step 7 begins: entries whose time has come go to the handler's threads, gathered over a turn
 * where they share threads. Belongs to the pipeline's loop.
 */
final class Dispatcher {

  /**
   * Entries of one stretch on a shared thread: enough to make its start cheap, few enough to
   * spread.
   */
  private static final int STRETCH = 128;

  private final HandlerExecutor runner;
  private List<Entry> together = new ArrayList<>();
  private int running;

  Dispatcher(HandlerExecutor runner) {
    this.runner = runner;
  }

  /** Starts entries of one lane, one after the other. */
  void inTurn(List<Entry> entries) {
    begin(entries);
    if (runner.shares()) {
      together.addAll(entries);
    } else {
      runner.run(entries);
    }
  }

  /** Starts entries that wait for no other, side by side. */
  void apart(List<Entry> entries) {
    begin(entries);
    if (runner.shares()) {
      together.addAll(entries);
    } else {
      entries.forEach(entry -> runner.run(List.of(entry)));
    }
  }

  private void begin(List<Entry> entries) {
    running += entries.size();
    for (Entry entry : entries) {
      entry.withHandler(true);
    }
  }

  /** Called at the end of each turn: what was gathered starts. */
  void turn() {
    if (!together.isEmpty()) {
      runTogether();
    }
    runner.turn();
  }

  private void runTogether() {
    List<Entry> all = together;
    together = new ArrayList<>();
    // Entries of one lane were added in a row, and a lane has one stretch at a time: those of a
    // channel stay on one thread, in order, unless a stretch ends between them.
    int from = 0;
    while (from < all.size()) {
      int to = Math.min(all.size(), from + STRETCH);
      while (to < all.size() && sameLane(all.get(to - 1), all.get(to))) {
        to++;
      }
      runner.run(all.subList(from, to));
      from = to;
    }
  }

  @SuppressWarnings("ReferenceEquality") // a lane is itself
  private static boolean sameLane(Entry one, Entry other) {
    return one.lease().keepsOrder() && one.lease() == other.lease();
  }

  /** Some that were started have ended, one way or another. */
  void ended(int count) {
    running -= count;
  }

  /** How many were started and have not ended. */
  int running() {
    return running;
  }
}
