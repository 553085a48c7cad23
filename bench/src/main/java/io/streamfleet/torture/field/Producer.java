package io.streamfleet.torture.field;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisException;
import io.streamfleet.torture.plan.Errand;
import io.streamfleet.torture.plan.Messages;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes without end, but never far ahead of the workers: what is unread would only wait. A
 * message that Redis does not answer for is sent again, and may be there twice.
 */
public final class Producer implements AutoCloseable {

  /** Messages that no handler has seen yet, at the most. */
  private static final int AHEAD = 60;

  /** At this rate a fleet is busy and a small machine is not full. */
  private static final Duration BETWEEN = Duration.ofMillis(7);

  private static final Duration AGAIN = Duration.ofMillis(50);

  private final Journal journal;
  private final Messages messages;
  private final Access access;
  private final Map<Long, Sent> sent = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("producer").unstarted(this::run);
  private final AtomicLong decodable = new AtomicLong();
  private final AtomicLong unseen = new AtomicLong();
  private long number;
  private boolean paused;
  private volatile boolean closed;

  /**
   * What was published.
   *
   * @param at when it was first sent, in nanoseconds since the run began
   */
  record Sent(Messages.Message message, long at) {}

  Producer(Journal journal, Messages messages, RedisPlace place) {
    this.journal = journal;
    this.messages = messages;
    access = Access.to(place, Duration.ofSeconds(2));
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        boolean room = journal.await(this::hasRoom, Duration.ofSeconds(1));
        synchronized (this) {
          if (room && !paused) {
            publishOne();
          }
        }
        TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasRoom() {
    return decodable.get() - journal.seen(Names.IN) - unseen.get() < AHEAD;
  }

  /** No message is published any more when this returns. */
  synchronized void pause() {
    paused = true;
  }

  synchronized void resume() {
    paused = false;
    // All is settled: what no handler has seen until now it never will.
    unseen.set(decodable.get() - journal.seen(Names.IN));
  }

  /** Publishes one now that kills each worker that has it handled. */
  synchronized void publishFatal(int channel) throws InterruptedException {
    publish(messages.fatal(number++, channel));
  }

  /** Publishes so many now. */
  synchronized void publish(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      publishOne();
    }
  }

  private void publishOne() throws InterruptedException {
    publish(messages.message(number++));
  }

  private void publish(Messages.Message message) throws InterruptedException {
    Map<String, String> fields = fields(message);
    sent.put(message.number(), new Sent(message, journal.now()));
    while (!closed) {
      try {
        access.redis().xadd(Names.IN, fields);
        if (message.errand().kind() != Errand.Kind.GARBAGE) {
          decodable.incrementAndGet();
        }
        return;
      } catch (RedisException e) {
        TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
      }
    }
  }

  /** What the evidence needs is beside the payload too, which may be garbage. */
  private static Map<String, String> fields(Messages.Message message) {
    Map<String, String> fields = new LinkedHashMap<>();
    String payload =
        """
        {"channel_id":"%s","n":%d,"is_addressed":%s,"do":"%s","padding":"%s"}"""
            .formatted(
                message.channel(),
                message.number(),
                message.ordered(),
                message.errand(),
                "x".repeat(Messages.padding(message.number())));
    boolean garbage = message.errand().kind() == Errand.Kind.GARBAGE;
    fields.put("data", garbage ? payload.substring(0, payload.length() / 2) : payload);
    fields.put("ts", "1794614400.0");
    fields.put("n", Long.toString(message.number()));
    return fields;
  }

  /** The message of a number. */
  Sent sent(long message) {
    return requireNonNull(sent.get(message), "nobody has published this message");
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    access.close();
  }
}
