package io.streamfleet.worker.begun;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The numbers of slots that are free: a stack without locks, for any thread. The upper half of its
 * head counts changes, so that a slot that was taken and given back meanwhile is noticed.
 */
final class Slots {

  /** In place of a slot where all are taken. */
  static final int NONE = -1;

  private final int[] below;
  private final AtomicLong head;

  Slots(int count) {
    below = new int[count];
    for (int slot = 0; slot < count; slot++) {
      below[slot] = slot + 1 < count ? slot + 1 : NONE;
    }
    head = new AtomicLong(count == 0 ? packed(0, NONE) : packed(0, 0));
  }

  int take() {
    while (true) {
      long seen = head.get();
      int slot = (int) seen;
      // Read of a slot that another takes and gives back at this moment, it is thrown away below.
      if (slot == NONE || head.compareAndSet(seen, packed((int) (seen >>> 32) + 1, below[slot]))) {
        return slot;
      }
    }
  }

  void giveBack(int slot) {
    while (true) {
      long seen = head.get();
      below[slot] = (int) seen;
      if (head.compareAndSet(seen, packed((int) (seen >>> 32) + 1, slot))) {
        return;
      }
    }
  }

  private static long packed(int changes, int slot) {
    return ((long) changes << 32) | (slot & 0xffffffffL);
  }
}
