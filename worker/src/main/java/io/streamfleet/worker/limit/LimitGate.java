package io.streamfleet.worker.limit;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The gate at which the entries of one pipeline wait until the limits permit them to start: the
 * rates, which all workers share, and the concurrency of the endpoint in this worker. Without
 * limits it is always open. Belongs to the pipeline's loop.
 */
public final class LimitGate {

  /** The operation in the log and in metrics. */
  public static final String TAKE = "take from limits";

  /**
   * A permission expires after this time: used later, more entries could start within a second than
   * the rate allows.
   */
  private static final Duration VALID = Duration.ofMillis(100);

  /** The shortest time between two calls: the loop's timers are no more precise. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final EventLoop loop;
  private final Permissions permissions;
  private final EndpointRoom room;
  private final RandomGenerator random;
  private final CallReport report;
  private final WaitingTurns waiting;

  /** Entries that were started, each with the entries that follow it. */
  private final Map<Entry, List<Entry>> inside = new HashMap<>();

  private final Consumer<List<Entry>> refused;
  private Consumer<List<Entry>> start = _ -> {};
  private Rates rates = Rates.NONE;
  private int concurrency = Integer.MAX_VALUE;
  private boolean asking;
  private int failures;
  private EventLoop.@Nullable Timer next;
  private boolean isSoon;
  private boolean draining;

  /**
   * @param room the places of the handler's endpoint
   * @param report notified of the results of calls to Redis
   * @param late entries that have to wait for so long or longer are refused
   * @param refused gets back entries that have to wait for long, with {@link Outcome.NotPermitted},
   *     and those that follow them in a lane; called in a later turn of the loop
   */
  public LimitGate(
      EventLoop loop,
      Permissions permissions,
      EndpointRoom room,
      RandomGenerator random,
      CallReport report,
      Duration late,
      Consumer<List<Entry>> refused) {
    this.loop = loop;
    this.permissions = permissions;
    this.room = room;
    this.random = random;
    this.report = report;
    this.waiting = new WaitingTurns(late);
    this.refused = refused;
    room.whenFree(() -> loop.execute(this::soon));
  }

  /** Changes the limits. Entries that have started are not affected. */
  public void use(Rates newRates, int newConcurrency) {
    rates = newRates;
    concurrency = newConcurrency;
    waiting.takeAll().forEach(this::await);
  }

  /** Whether entries may start at once. */
  public boolean isOpen() {
    return !rates.isThere() && concurrency == Integer.MAX_VALUE && waiting.noneHeldByHandler();
  }

  /** The handler asked to get no entries of a channel for a time. */
  public void hold(String channel, Duration wait) {
    waiting.waitForHandler(channel, loop.now() + wait.toNanos());
  }

  /** How many entries wait here. */
  public int waiting() {
    return waiting.count();
  }

  /**
   * Runs entries one after the other, as soon as the limits permit.
   *
   * @param handler runs entries; the same at each call
   */
  public void offer(List<Entry> entries, Consumer<List<Entry>> handler) {
    start = handler;
    if (isOpen()) {
      handler.accept(entries);
    } else {
      await(entries);
    }
  }

  private void await(List<Entry> entries) {
    waiting.addLast(channelOf(entries), entries);
    soon();
  }

  private String channelOf(List<Entry> entries) {
    String channel = entries.getFirst().channel();
    return rates.ofChannel() != null || waiting.isHeldByHandler(channel)
        ? channel
        : WaitingTurns.ALL;
  }

  /** The handler has ended with an entry, or did not start it. */
  public void ended(Entry entry) {
    List<Entry> behind = inside.isEmpty() ? null : inside.remove(entry);
    if (behind == null) {
      return;
    }
    if (!behind.isEmpty() && !draining) {
      waiting.addFirst(channelOf(behind), behind);
      soon();
    }
    room.leave(1);
  }

  /** Starts nothing any more. */
  public void drain() {
    draining = true;
  }

  /** Asks for permissions in this turn of the loop, since something has changed. */
  private void soon() {
    if (!asking && !isSoon && !waiting.isEmpty()) {
      later(0);
      isSoon = true;
    }
  }

  private void later(long nanos) {
    EventLoop.Timer planned = next;
    if (planned != null) {
      planned.cancel();
    }
    isSoon = false;
    next = loop.afterNanos(nanos, this::ask);
  }

  private void ask() {
    next = null;
    isSoon = false;
    if (asking || draining || waiting.isEmpty()) {
      return;
    }
    Map<String, Integer> wanted = waiting.wanted(loop.now());
    if (wanted.isEmpty()) {
      waitForTurns();
      return;
    }
    int most = wanted.values().stream().mapToInt(Integer::intValue).sum();
    int entered = room.enter(most, concurrency);
    if (entered == 0) {
      // EndpointRoom calls soon() when a place becomes free.
      return;
    }
    Map<String, Integer> limited = atMost(wanted, entered);
    if (!rates.isThere()) {
      int begun = 0;
      for (Map.Entry<String, Integer> channel : limited.entrySet()) {
        begun += begin(channel.getKey(), channel.getValue());
      }
      room.leave(entered - begun);
      waitForTurns();
      return;
    }
    asking = true;
    long sent = loop.now();
    permissions
        .take(rates, limited)
        .whenComplete(
            (taken, failure) ->
                loop.execute(() -> answered(limited, entered, sent, taken, failure)));
  }

  private static Map<String, Integer> atMost(Map<String, Integer> wanted, int most) {
    Map<String, Integer> some = new LinkedHashMap<>();
    int left = most;
    for (Map.Entry<String, Integer> channel : wanted.entrySet()) {
      int count = Math.min(left, channel.getValue());
      if (count > 0) {
        some.put(channel.getKey(), count);
        left -= count;
      }
    }
    return some;
  }

  private void answered(
      Map<String, Integer> wanted,
      int entered,
      long sent,
      Permissions.@Nullable Taken taken,
      @Nullable Throwable failure) {
    asking = false;
    if (taken == null) {
      room.leave(entered);
      if (failure != null) {
        report.failed(TAKE, failure);
      }
      later(Backoff.REDIS.after(++failures, random).toNanos());
      return;
    }
    failures = 0;
    report.worked(TAKE);
    boolean valid = loop.now() - sent < VALID.toNanos() && !draining;
    int begun = 0;
    int position = 0;
    for (Map.Entry<String, Integer> channel : wanted.entrySet()) {
      Permissions.OfChannel it = taken.ofChannels().get(position++);
      if (valid) {
        begun += begin(channel.getKey(), it.count());
      }
      if (it.count() < channel.getValue()) {
        wait(channel.getKey(), it.next(), rates.ofChannel());
      }
    }
    wait(WaitingTurns.ALL, taken.next(), rates.ofPlatform());
    room.leave(entered - begun);
    waitForTurns();
  }

  private void wait(String channel, Duration wait, Rates.@Nullable Bound bound) {
    if (wait.isPositive() && bound != null) {
      long nanos = Math.max(wait.toNanos(), bound.pause().toNanos());
      waiting.waitForRate(channel, loop.now() + nanos);
    }
  }

  /** Starts up to so many turns of a channel, each with its first entry. */
  private int begin(String channel, int most) {
    List<List<Entry>> turns = waiting.take(channel, most);
    for (List<Entry> entries : turns) {
      inside.put(entries.getFirst(), List.copyOf(entries.subList(1, entries.size())));
      start.accept(List.of(entries.getFirst()));
    }
    return turns.size();
  }

  /** Returns what has to wait for long, since it would use credits. */
  private void refuse() {
    if (draining) {
      return;
    }
    Rates.Bound bound = rates.ofChannel();
    long between = bound == null ? 0 : (long) (bound.micros() * 1_000);
    for (WaitingTurns.Late late : waiting.takeLate(loop.now(), between)) {
      Entry first = late.entries().getFirst();
      first.outcome(new Outcome.NotPermitted(late.left()));
      first.lease().halt();
      loop.execute(() -> refused.accept(late.entries()));
    }
  }

  /** Asks again when the first of the waiting entries may start. */
  private void waitForTurns() {
    refuse();
    long first = waiting.untilNext(loop.now());
    if (!waiting.isEmpty() && !asking) {
      later(Math.max(first, SHORTEST.toNanos()));
    }
  }
}
