package io.streamfleet.local;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.streamfleet.worker.decode.Envelope;
import io.streamfleet.worker.decode.PayloadWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Publishes inbound messages at a steady pace, until it is closed. */
public final class SampleTraffic implements AutoCloseable {

  /** Messages that users send, over a few channels of two platforms. */
  private static final int CHANNELS = 4;

  private static final List<String> PLATFORMS = List.of("discord", "matrix");

  private static final List<String> SAYINGS =
      List.of("hello", "what do the stars say?", "good night", "which way is north?", "thank you");

  /** A command that Redis does not answer in this time fails; the next one is due soon after. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final RedisClient client;
  private final StatefulRedisConnection<String, byte[]> redis;
  private final String stream;
  private final InstantSource clock;
  private final PayloadWriter writer = new PayloadWriter();
  private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
  private long next;

  private SampleTraffic(RedisClient client, String stream, InstantSource clock) {
    this.client = client;
    this.redis = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    this.stream = stream;
    this.clock = clock;
  }

  /**
   * Connects to Redis; sends nothing yet.
   *
   * @throws io.lettuce.core.RedisConnectionException when Redis cannot be reached
   */
  public static SampleTraffic to(String redisUrl, String stream, InstantSource clock) {
    RedisURI uri = RedisURI.create(redisUrl);
    uri.setTimeout(ANSWER);
    RedisClient client = RedisClient.create(uri);
    try {
      return new SampleTraffic(client, stream, clock);
    } catch (RuntimeException e) {
      client.shutdown(Duration.ZERO, Duration.ZERO);
      throw e;
    }
  }

  /** Begins to publish so many messages a second. */
  public SampleTraffic start(int perSecond) {
    pace.scheduleAtFixedRate(this::publish, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    return this;
  }

  private void publish() {
    long number = next++;
    int channel = (int) (number % CHANNELS);
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("channel_id", "channel-" + channel);
    payload.put("platform", PLATFORMS.get(channel % PLATFORMS.size()));
    payload.put("user_id", "user-" + number % 7);
    payload.put("message_id", "message-" + number);
    payload.put("is_addressed", true);
    payload.put("content", SAYINGS.get((int) (number % SAYINGS.size())));
    redis
        .async()
        .xadd(stream, Envelope.fields(writer.write(payload), clock.instant(), "sample-" + number));
  }

  @Override
  public void close() {
    pace.shutdownNow();
    client.shutdown(Duration.ZERO, ANSWER);
  }
}
