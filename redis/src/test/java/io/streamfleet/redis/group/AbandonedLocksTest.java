package io.streamfleet.redis.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AbandonedLocksTest {

  private static final ConsumerGroup READ = new ConsumerGroup("in", "g");

  private static final String UUID = uuid(READ);

  private static final Pattern CALLS = Pattern.compile("cmdstat_scan:calls=(\\d+)");

  private final RedisServer redis = RedisServer.plain();
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();
  private final RedisClient client = RedisClient.create(RedisURI.create(redis.url()));
  private final RedisCommands<String, String> commands = client.connect().sync();

  private static String uuid(ConsumerGroup read) {
    return "/2f1e7a52-8b6e-4d57-9d63-" + LockScope.of(read).digits() + "0001";
  }

  @AfterEach
  void stop() {
    connector.close();
    client.shutdown();
    redis.close();
  }

  @Test
  void releasesTheLocksOfWhoIsGoneAndOfNobodyElse() {
    commands.set("lock:1", "gone" + UUID);
    commands.set("lock:2", "gone/too" + UUID);
    commands.set("lock:3", "gone/x" + UUID);
    commands.set("lock:4", UUID.substring(1));
    commands.set("lock:5", "gone");
    commands.hset("lock:6", "owner", "gone" + UUID);
    // A living consumer may have the name of one that is gone and read something else.
    commands.set("lock:7", "gone" + uuid(new ConsumerGroup("in", "other")));
    commands.set("lock:8", "gone" + uuid(new ConsumerGroup("in", "more")));
    commands.set("other:1", "gone" + UUID);

    long released =
        new AbandonedLocks(link, "lock:{channel}")
            .release(List.of("gone", "gone/too"), List.of(READ, new ConsumerGroup("in", "more")))
            .join();

    assertThat(released).isEqualTo(3);
    assertThat(commands.keys("*"))
        .containsExactlyInAnyOrder("lock:3", "lock:4", "lock:5", "lock:6", "lock:7", "other:1");
  }

  @Test
  void findsThemByATemplateThatNamesThePlatformToo() {
    commands.set("lock[1]:matrix:c", "gone" + UUID);
    commands.set("lock1:matrix:c", "gone" + UUID);

    new AbandonedLocks(link, "lock[1]:{platform}:{channel}")
        .release(List.of("gone"), List.of(READ))
        .join();

    assertThat(commands.keys("*")).containsExactly("lock1:matrix:c");
  }

  /** It would run beside the next one, and that beside the one after it. */
  @Test
  void whoGivesUpEndsTheLookThroughTheKeys() {
    commands.eval(
        "for i = 1, 200000 do redis.call('SET', 'key:' .. i, '') end", ScriptOutputType.STATUS);
    commands.set("lock:1", "gone" + UUID);
    AbandonedLocks locks = new AbandonedLocks(link, "lock:{channel}");

    locks.release(List.of("gone"), List.of(READ)).cancel(true);
    // When this one is through all keys, the first would have been, too.
    locks.release(List.of("nobody"), List.of(READ)).join();

    assertThat(scans()).isBetween(200L, 250L);
    assertThat(commands.exists("lock:1")).isEqualTo(1);
  }

  private long scans() {
    Matcher calls = CALLS.matcher(commands.info("commandstats"));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }
}
