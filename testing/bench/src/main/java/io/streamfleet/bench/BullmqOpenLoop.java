package io.streamfleet.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Like {@link OpenLoop}, through a program that uses BullMQ's own client. An entry that waits in
 * the pipe to that program counts as late, as one that waits here.
 */
final class BullmqOpenLoop implements Publisher {

  /** Starts the program. */
  interface Start {
    Adder adder() throws IOException;
  }

  private final Start start;
  private final Messages messages;
  private final double perSecond;
  private long next;

  BullmqOpenLoop(Start start, Messages messages, double perSecond) {
    this.start = start;
    this.messages = messages;
    this.perSecond = perSecond;
  }

  @Override
  public long publish(Duration duration, boolean timed) throws IOException {
    long count = (long) (duration.toNanos() / 1e9 * perSecond);
    try (Adder adder = start.adder()) {
      long begin = System.nanoTime();
      Instant beginAt = Instant.now();
      for (long i = 0; i < count; i++) {
        long intended = (long) (i * 1e9 / perSecond);
        if (intended > System.nanoTime() - begin) {
          adder.flush();
        }
        for (long ahead = intended - (System.nanoTime() - begin);
            ahead > 0;
            ahead = intended - (System.nanoTime() - begin)) {
          LockSupport.parkNanos(ahead);
        }
        Map<String, Object> payload = messages.payload(next++);
        if (timed) {
          payload.put(Stopwatch.INTENDED, Stopwatch.micros(beginAt.plusNanos(intended)));
        }
        adder.add(payload);
      }
      adder.end(count);
    }
    return next;
  }
}
