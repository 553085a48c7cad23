package io.streamfleet.worker.limit;

import io.streamfleet.worker.entry.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Entries that wait for permission to begin, by channel, or under the empty name where it does not
 * matter of which channel they are. Channels have their turns one after the other. Belongs to the
 * pipeline's loop.
 */
final class WaitingTurns {

  /** All that wait, whatever their channel. */
  static final String ALL = "";

  /** Channels in one call: the script takes some 3 us for each. */
  private static final int MOST_CHANNELS = 200;

  /** Permissions wanted for one channel in one call; more than begin before the next one. */
  private static final int MOST_FOR_ONE = 1_000;

  /** In the order of their turns. */
  private final LinkedHashMap<String, ArrayDeque<List<Entry>>> waiting = new LinkedHashMap<>();

  /** Until when a channel, or all of them, has to wait for its rate. */
  private final Map<String, Long> byRate = new HashMap<>();

  /** Until when a channel has to wait because the handler said so. */
  private final Map<String, Long> byHandler = new HashMap<>();

  private int count;

  /** How many entries wait. */
  int count() {
    return count;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void addLast(String channel, List<Entry> entries) {
    waiting.computeIfAbsent(channel, _ -> new ArrayDeque<>()).addLast(entries);
    count += entries.size();
  }

  void addFirst(String channel, List<Entry> entries) {
    waiting.computeIfAbsent(channel, _ -> new ArrayDeque<>()).addFirst(entries);
    count += entries.size();
  }

  /** Takes out up to so many of a channel; it has its next turn after the others. */
  List<List<Entry>> take(String channel, int most) {
    ArrayDeque<List<Entry>> queue = waiting.remove(channel);
    if (queue == null) {
      return List.of();
    }
    List<List<Entry>> some = new ArrayList<>();
    while (some.size() < most && !queue.isEmpty()) {
      List<Entry> entries = queue.removeFirst();
      count -= entries.size();
      some.add(entries);
    }
    if (!queue.isEmpty()) {
      waiting.put(channel, queue);
    }
    return some;
  }

  /** Takes out all of them. */
  List<List<Entry>> takeAll() {
    List<List<Entry>> all = new ArrayList<>();
    waiting.values().forEach(all::addAll);
    waiting.clear();
    byRate.clear();
    count = 0;
    return all;
  }

  // --- until when they wait

  void waitForRate(String channel, long until) {
    byRate.put(channel, until);
  }

  void waitAsTold(String channel, long until) {
    byHandler.merge(channel, until, (one, other) -> one - other > 0 ? one : other);
  }

  /** Whether the handler wants nothing of a channel. */
  boolean isTold(String channel) {
    return byHandler.containsKey(channel);
  }

  boolean nobodyIsTold() {
    return byHandler.isEmpty();
  }

  /** How many of each channel may begin as far as is known here, the first turn first. */
  Map<String, Integer> wanted(long now) {
    Map<String, Integer> wanted = new LinkedHashMap<>();
    if (left(ALL, now) > 0) {
      return wanted;
    }
    for (Map.Entry<String, ArrayDeque<List<Entry>>> channel : waiting.entrySet()) {
      if (left(channel.getKey(), now) <= 0) {
        wanted.put(channel.getKey(), Math.min(channel.getValue().size(), MOST_FOR_ONE));
      }
      if (wanted.size() == MOST_CHANNELS) {
        break;
      }
    }
    return wanted;
  }

  /** In how many nanoseconds the first of those that wait may begin, as far as is known here. */
  long untilNext(long now) {
    byRate.values().removeIf(until -> until - now <= 0);
    byHandler.values().removeIf(until -> until - now <= 0);
    long all = Math.max(0, left(ALL, now));
    long first = Long.MAX_VALUE;
    for (String channel : waiting.keySet()) {
      first = Math.min(first, Math.max(all, left(channel, now)));
      if (first == 0) {
        break;
      }
    }
    return first;
  }

  private long left(String channel, long now) {
    long rate = byRate.getOrDefault(channel, now) - now;
    long handler = byHandler.getOrDefault(channel, now) - now;
    return Math.max(rate, handler);
  }
}
