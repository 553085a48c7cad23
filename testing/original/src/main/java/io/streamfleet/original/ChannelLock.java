package io.streamfleet.original;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The original's lock of a channel: a token under a key, acquired by polling. */
final class ChannelLock {

  /** The poll interval of the original's lock. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private static final String RELEASE =
      "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return"
          + " 0";

  private final RedisCommands<String, byte[]> redis;
  private final String key;
  private final Duration ttl;
  private final byte[] token = UUID.randomUUID().toString().getBytes(UTF_8);

  ChannelLock(RedisCommands<String, byte[]> redis, String key, Duration ttl) {
    this.redis = redis;
    this.key = key;
    this.ttl = ttl;
  }

  /** Waits for the lock; returns false on timeout. */
  boolean acquire(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!"OK".equals(redis.set(key, token, SetArgs.Builder.nx().px(ttl)))) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
    }
    return true;
  }

  void release() {
    redis.eval(RELEASE, ScriptOutputType.INTEGER, new String[] {key}, token);
  }
}
