package io.streamfleet.local;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.publish.Publisher;
import io.streamfleet.worker.publish.SampleMessages;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Publishes the messages of the command {@code publish} at a steady pace, until it is closed. */
public final class SampleTraffic implements AutoCloseable {

  /** Few enough that each shows up within seconds. */
  private static final int CHANNELS = 4;

  private static final List<String> PLATFORMS = List.of("discord", "matrix");

  /** Between two tries while Redis refuses; whoever watches has time to read why. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final RedisConnector connector;
  private final Link link;
  private final Publisher.Target target;
  private final SampleMessages messages =
      new SampleMessages(
          new SampleMessages.Shape(PLATFORMS, false, CHANNELS, 0),
          new SplittableRandom(),
          RandomGenerator.of("L64X128MixRandom"));
  private final CountDownLatch closed = new CountDownLatch(1);

  private SampleTraffic(RedisConnector connector, Link link, String stream) {
    this.connector = connector;
    this.link = link;
    this.target = new Publisher.Target(stream, 0);
  }

  /**
   * Connects to Redis; sends nothing yet.
   *
   * @throws io.lettuce.core.RedisConnectionException when Redis cannot be reached
   * @throws io.streamfleet.redis.UnreadableUrl when the url is none
   */
  public static SampleTraffic to(String redisUrl, String stream) {
    RedisConnector connector =
        RedisConnector.to(RedisSettings.plain(redisUrl), /* nothing blocks */ Duration.ZERO);
    try {
      return new SampleTraffic(connector, connector.connect(), stream);
    } catch (RuntimeException e) {
      connector.close();
      throw e;
    }
  }

  /** Begins to publish so many messages a second. */
  public SampleTraffic start(int perSecond) {
    Thread.ofVirtual().name("sample-traffic").start(() -> publish(perSecond));
    return this;
  }

  private void publish(int perSecond) {
    try {
      do {
        new Publisher(link, target, Clock.systemUTC(), System::nanoTime)
            .publish(
                messages, new Publisher.Pace(0, perSecond), () -> closed.getCount() == 0, n -> {});
      } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    connector.close();
  }
}
