package io.streamfleet.bench;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Publishes at a fixed rate, whether or not anyone keeps up: an entry that could not be sent in
 * time carries the time at which it should have been, so that a stall is counted for all that it
 * delayed.
 */
final class OpenLoop implements Publisher {

  /** A pause in this process is made up for by so many entries at a time, not by all at once. */
  private static final int MOST_ON_THE_WAY = 20_000;

  private final RedisAsyncCommands<String, byte[]> redis;
  private final String stream;
  private final Messages messages;
  private final double perSecond;
  private long next;

  OpenLoop(
      RedisAsyncCommands<String, byte[]> redis,
      String stream,
      Messages messages,
      double perSecond) {
    this.redis = redis;
    this.stream = stream;
    this.messages = messages;
    this.perSecond = perSecond;
  }

  @Override
  public long publish(Duration duration, boolean timed) {
    AtomicLong onTheWay = new AtomicLong();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    long start = System.nanoTime();
    Instant startAt = Instant.now();
    long count = (long) (duration.toNanos() / 1e9 * perSecond);
    for (long i = 0; i < count; i++) {
      long intended = (long) (i * 1e9 / perSecond);
      for (long ahead = intended - (System.nanoTime() - start);
          ahead > 0 || onTheWay.get() > MOST_ON_THE_WAY;
          ahead = intended - (System.nanoTime() - start)) {
        LockSupport.parkNanos(Math.max(ahead, 10_000));
      }
      long micros = Stopwatch.micros(startAt.plusNanos(intended));
      onTheWay.incrementAndGet();
      redis
          .xadd(
              stream, messages.entry(next++, timed ? Map.of(Stopwatch.INTENDED, micros) : Map.of()))
          .whenComplete(
              (id, refused) -> {
                onTheWay.decrementAndGet();
                if (refused != null) {
                  failure.set(refused);
                }
              });
    }
    while (onTheWay.get() > 0 && failure.get() == null) {
      LockSupport.parkNanos(1_000_000);
    }
    Throwable refused = failure.get();
    if (refused != null) {
      throw new IllegalStateException("Redis refused an entry", refused);
    }
    return next;
  }
}
