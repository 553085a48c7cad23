package io.streamfleet.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The states seen so far, numbered in the order in which they came; a hash table of its own, since
 * one of the library takes five times the memory.
 */
final class StateTable {

  private final List<byte[]> states = new ArrayList<>();

  /** The numbers, plus 1, at the places that the hashes say. */
  private int[] slots = new int[1 << 16];

  int size() {
    return states.size();
  }

  byte[] get(int number) {
    return states.get(number);
  }

  /** The number of a state, a new one if it was not seen before. */
  int add(byte[] state) {
    int slot = slotOf(state);
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    states.add(state);
    slots[slot] = states.size();
    if (states.size() * 2 > slots.length) {
      grow();
    }
    return states.size() - 1;
  }

  private int slotOf(byte[] state) {
    // The library's hash of near bytes is near; spread it.
    int hash = Arrays.hashCode(state) * 0x9E3779B9;
    int mask = slots.length - 1;
    int slot = (hash ^ (hash >>> 15)) & mask;
    while (slots[slot] != 0 && !Arrays.equals(states.get(slots[slot] - 1), state)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    slots = new int[slots.length * 2];
    for (int i = 0; i < states.size(); i++) {
      slots[slotOf(states.get(i))] = i + 1;
    }
  }
}
