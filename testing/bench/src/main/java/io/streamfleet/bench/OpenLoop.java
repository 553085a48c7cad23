package io.streamfleet.bench;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Publishes at a fixed rate, whether or not the consumer keeps up: an entry that could not be sent
 * in time carries the time when it should have been sent, so that a stall counts for every entry it
 * delayed.
 */
final class OpenLoop implements Publisher {

  /**
   * Limits how many entries are in flight when the publisher catches up after a pause of this
   * process.
   */
  private static final int MAX_IN_FLIGHT = 20_000;

  /**
   * The maximum number of entries per write when the publisher is late; keeps the cost per write
   * low.
   */
  private static final int MAX_BATCH = 100;

  /** Some hundred samples per second are enough for percentiles, and few enough to watch. */
  private static final Duration SAMPLE_INTERVAL = Duration.ofMillis(5);

  private final RedisAsyncCommands<String, byte[]> redis;
  private final StatefulRedisConnection<String, byte[]> connection;
  private final String stream;
  private final Messages messages;
  private final double perSecond;
  private final AtomicLong onTheWay = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable AckWatch watch;
  private long next;
  private int unsent;

  /**
   * @param connection not used by anything else during {@link #publish}
   */
  OpenLoop(
      StatefulRedisConnection<String, byte[]> connection,
      String stream,
      Messages messages,
      double perSecond) {
    this.redis = connection.async();
    this.connection = connection;
    this.stream = stream;
    this.messages = messages;
    this.perSecond = perSecond;
  }

  @Override
  public boolean watchedBy(AckWatch watch) {
    this.watch = watch;
    return true;
  }

  @Override
  public long publish(Duration duration, boolean timed) {
    connection.setAutoFlushCommands(false);
    try {
      long start = System.nanoTime();
      Instant startAt = Instant.now();
      long count = (long) (duration.toNanos() / 1e9 * perSecond);
      long sampleAt = 0;
      for (long i = 0; i < count; i++) {
        long intended = (long) (i * 1e9 / perSecond);
        awaitTime(start + intended);
        Optional<Long> micros =
            timed ? Optional.of(Stopwatch.micros(startAt.plusNanos(intended))) : Optional.empty();
        boolean sampled = timed && intended >= sampleAt;
        if (sampled) {
          sampleAt += SAMPLE_INTERVAL.toNanos();
        }
        add(micros, sampled);
      }
      flush();
      while (onTheWay.get() > 0 && failure.get() == null) {
        LockSupport.parkNanos(1_000_000);
      }
    } finally {
      connection.setAutoFlushCommands(true);
    }
    Throwable refused = failure.get();
    if (refused != null) {
      throw new IllegalStateException("Redis refused an entry", refused);
    }
    return next;
  }

  private void awaitTime(long nanoTime) {
    if (unsent >= MAX_BATCH) {
      flush();
    }
    for (long ahead = nanoTime - System.nanoTime();
        ahead > 0 || onTheWay.get() > MAX_IN_FLIGHT;
        ahead = nanoTime - System.nanoTime()) {
      flush();
      LockSupport.parkNanos(Math.max(ahead, 10_000));
    }
  }

  private void flush() {
    if (unsent > 0) {
      connection.flushCommands();
      unsent = 0;
    }
  }

  private void add(Optional<Long> micros, boolean sampled) {
    onTheWay.incrementAndGet();
    unsent++;
    Map<String, Long> more = micros.map(it -> Map.of(Stopwatch.INTENDED, it)).orElseGet(Map::of);
    redis
        .xadd(stream, messages.entry(next++, more))
        .whenComplete((id, refused) -> answered(id, refused, sampled ? micros : Optional.empty()));
  }

  /** Runs on a thread of the client. */
  private void answered(
      @Nullable String id, @Nullable Throwable refused, Optional<Long> sampledMicros) {
    onTheWay.decrementAndGet();
    AckWatch watching = watch;
    if (refused != null || id == null) {
      failure.set(refused);
    } else if (watching != null) {
      sampledMicros.ifPresent(it -> watching.added(id, it));
    }
  }
}
