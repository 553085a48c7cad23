package io.streamfleet.torture.field;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.streamfleet.torture.plan.Errand;
import io.streamfleet.torture.plan.Messages;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

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
  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final Map<Long, Long> sent = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("producer").unstarted(this::run);
  private long decodable;
  private long number;
  private boolean paused;
  private volatile boolean closed;

  public Producer(Journal journal, Messages messages, String url) {
    this.journal = journal;
    this.messages = messages;
    RedisURI uri = RedisURI.create(url);
    uri.setTimeout(Duration.ofSeconds(2));
    client = RedisClient.create(uri);
    connection = client.connect();
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
    return decodable - journal.seen(Names.IN) < AHEAD;
  }

  /** No message is published any more when this returns. */
  synchronized void pause() {
    paused = true;
  }

  synchronized void resume() {
    paused = false;
  }

  /** Publishes so many now. */
  synchronized void publish(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      publishOne();
    }
  }

  private void publishOne() throws InterruptedException {
    Messages.Message message = messages.message(number++);
    Map<String, String> fields = fields(message);
    sent.put(message.number(), journal.now());
    while (!closed) {
      try {
        connection.sync().xadd(Names.IN, fields);
        if (message.errand().kind() != Errand.Kind.GARBAGE) {
          decodable++;
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
        {"channel_id":"%s","n":%d,"is_addressed":%s,"do":"%s"}"""
            .formatted(message.channel(), message.number(), message.ordered(), message.errand());
    boolean garbage = message.errand().kind() == Errand.Kind.GARBAGE;
    fields.put("data", garbage ? payload.substring(0, payload.length() / 2) : payload);
    fields.put("ts", "1794614400.0");
    fields.put("n", Long.toString(message.number()));
    return fields;
  }

  /** When a message was first sent, in nanoseconds since the run began. */
  long sentAt(long message) {
    return sent.getOrDefault(message, 0L);
  }

  public Messages messages() {
    return messages;
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
    connection.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
