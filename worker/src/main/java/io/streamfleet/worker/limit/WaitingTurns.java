package io.streamfleet.worker.limit;

import io.streamfleet.worker.entry.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Entries that wait for permission to start, by channel, or under {@link #ALL} if their channel
 * does not matter. Channels are served in turn. Belongs to the pipeline's loop.
 */
final class WaitingTurns {

  /** Stands for all channels. */
  static final String ALL = "";

  /** Channels in one call: the script takes about 3 us for each. */
  private static final int MOST_CHANNELS = 200;

  /** Permissions wanted for one channel in one call: more than can start before the next call. */
  private static final int MOST_FOR_ONE = 1_000;

  /**
   * How long an entry is away at most: other workers may leave their share of the rate to this one.
   */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** In the order of service. */
  private final LinkedHashMap<String, ArrayDeque<List<Entry>>> waiting = new LinkedHashMap<>();

  /** Until when a channel, or {@link #ALL}, must wait because of its rate. */
  private final Map<String, Long> byRate = new HashMap<>();

  /** Until when a channel must wait because the handler asked for it. */
  private final Map<String, Long> byHandler = new HashMap<>();

  /** Until when permissions of a channel are meant for entries that were taken as late. */
  private final Map<String, Long> promised = new HashMap<>();

  private final long lateNanos;

  private int count;

  /**
   * @param late turns that can't start within this time are {@link #takeLate taken} as late
   */
  WaitingTurns(Duration late) {
    this.lateNanos = late.toNanos();
  }

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

  /** Removes up to so many turns of a channel, which moves to the end of the order. */
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

  /** Removes all turns. */
  List<List<Entry>> takeAll() {
    List<List<Entry>> all = new ArrayList<>();
    waiting.values().forEach(all::addAll);
    waiting.clear();
    byRate.clear();
    promised.clear();
    count = 0;
    return all;
  }

  /**
   * Entries that have to wait for long.
   *
   * @param left how long the first of them has to wait
   */
  record Late(List<Entry> entries, Duration left) {}

  /**
   * Removes the turns that can't start soon enough, as far as is known here. Each gets a time of
   * its own at the rate of its channel, so that they don't all come back at once.
   *
   * @param nanosBetween the time between two messages of a channel at its rate; 0 for no rate
   */
  List<Late> takeLate(long now, long nanosBetween) {
    List<Late> late = new ArrayList<>();
    Iterator<Map.Entry<String, ArrayDeque<List<Entry>>>> channels = waiting.entrySet().iterator();
    while (channels.hasNext()) {
      Map.Entry<String, ArrayDeque<List<Entry>>> channel = channels.next();
      String name = channel.getKey();
      if (name.equals(ALL) || left(name, now) <= 0) {
        continue;
      }
      takeLate(name, channel.getValue(), now, nanosBetween, late);
      if (channel.getValue().isEmpty()) {
        channels.remove();
      }
    }
    return late;
  }

  private void takeLate(
      String channel, ArrayDeque<List<Entry>> queue, long now, long nanosBetween, List<Late> late) {
    long wait = left(channel, now);
    long behind = promised.getOrDefault(channel, now) - now;
    ArrayDeque<List<Entry>> soon = new ArrayDeque<>();
    for (List<Entry> entries : queue) {
      if (wait < lateNanos) {
        soon.addLast(entries);
      } else {
        long due = Math.min(Math.max(wait, behind), LONGEST.toNanos());
        late.add(new Late(entries, Duration.ofNanos(due)));
        behind = due + nanosBetween;
        count -= entries.size();
      }
      // Those behind the first of a lane come back with it, and are told the rest then.
      wait += nanosBetween;
    }
    promised.put(channel, now + behind);
    queue.clear();
    queue.addAll(soon);
  }

  // --- until when they wait

  void waitForRate(String channel, long until) {
    byRate.put(channel, until);
  }

  void waitForHandler(String channel, long until) {
    byHandler.merge(channel, until, (one, other) -> one - other > 0 ? one : other);
  }

  /** Whether the handler asked to get no entries of a channel. */
  boolean isHeldByHandler(String channel) {
    return byHandler.containsKey(channel);
  }

  boolean noneHeldByHandler() {
    return byHandler.isEmpty();
  }

  /** How many turns of each channel may start, as far as is known here, in the order of service. */
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

  /** In how many nanoseconds the first turn may start, as far as is known here. */
  long untilNext(long now) {
    byRate.values().removeIf(until -> until - now <= 0);
    promised.values().removeIf(until -> until - now <= 0);
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
