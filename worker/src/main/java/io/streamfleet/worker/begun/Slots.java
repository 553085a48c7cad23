package io.streamfleet.worker.begun;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The numbers of the free slots: a lock-free stack, thread-safe. The upper half of its head counts
 * changes, so that a compare-and-set fails if a slot was taken and returned meanwhile (ABA).
 */
final class Slots {

  /** The result of {@link #take} if all slots are taken. */
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
      // below[slot] may be stale if another thread takes the slot now; then the CAS fails.
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
