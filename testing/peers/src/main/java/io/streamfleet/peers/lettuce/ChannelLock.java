package io.streamfleet.peers.lettuce;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.peers.Crew;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One holder at a time for each channel: {@code SET NX PX} with a token, released by a script that
 * compares it, as <a
 * href="https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/">Redis'
 * documentation</a> recommends for a single server, and as the Python consumers do. Retries until
 * it is acquired. Not renewed.
 */
final class ChannelLock {

  /** The same as in the Python consumers. */
  static final Duration TTL = Duration.ofSeconds(60);

  /** Between two tries, plus or minus a half: a discarding handler holds the lock for less. */
  private static final long RETRY_MILLIS = 2;

  private final RedisCommands<String, byte[]> redis;
  private final String prefix;
  private final String release;

  ChannelLock(RedisCommands<String, byte[]> redis, String prefix) {
    this.redis = redis;
    this.prefix = prefix;
    this.release = redis.scriptLoad(script());
  }

  private static byte[] script() {
    try (InputStream file = ChannelLock.class.getResourceAsStream("release.lua")) {
      if (file == null) {
        throw new IllegalStateException("release.lua is missing beside " + ChannelLock.class);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read release.lua", e);
    }
  }

  /** Runs a task while holding the channel's lock. */
  void with(String channel, Crew.Task task) throws InterruptedException {
    String key = prefix + ":" + channel;
    byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    while (redis.set(key, token, SetArgs.Builder.nx().px(TTL)) == null) {
      Thread.sleep(ThreadLocalRandom.current().nextLong(RETRY_MILLIS / 2, RETRY_MILLIS * 3 / 2));
    }
    try {
      task.run();
    } finally {
      redis.evalsha(release, ScriptOutputType.INTEGER, new String[] {key}, token);
    }
  }
}
