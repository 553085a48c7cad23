package io.streamfleet.worker.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisSentinels;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Load;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A master fails and its replica takes over: the worker finds it by itself. */
class SentinelTest {

  private static final Duration FAILOVER = Duration.ofSeconds(40);

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, ordering: {lockTtl: 1s}, handler: {builtin: Discard}}
      read: {block: 200ms}
      autoclaim: {interval: 300ms, minIdle: 2s}
      """;

  private static RedisSettings settings(String url) {
    return new RedisSettings(
        url, false, false, Duration.ofSeconds(1), () -> Credentials.NONE, true, "test");
  }

  @Test
  void theDeathOfTheMasterIsSurvivedUnderLoad() throws Exception {
    survives(RedisSentinels::killMaster);
  }

  @Test
  void aMasterThatHangsIsLeftForTheNewOne() throws Exception {
    survives(RedisSentinels::pauseMaster);
  }

  private void survives(Function<RedisSentinels, RedisServer> fault) throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    try (RedisSentinels sentinels = RedisSentinels.start();
        TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, settings(sentinels.url()))) {
      try (Load load = Load.on(sentinels.master().url(), "in")) {
        await().until(() -> handler.finished().size() > 100);
        load.stop();
      }
      RedisServer failed = fault.apply(sentinels);
      await().atMost(Duration.ofSeconds(20)).until(() -> !worker.ready());
      RedisServer master = sentinels.awaitFailover(failed, FAILOVER);

      try (Traffic traffic = new Traffic(master.url());
          Load load = Load.on(master.url(), "in")) {
        int before = handler.finished().size();
        await().atMost(FAILOVER).until(() -> handler.finished().size() > before + 100);
        Set<String> missing = new TreeSet<>(load.stop());
        GroupView group = new GroupView(traffic, "in", "g");
        // Nothing is pending either while the rest has not been read yet.
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> {
                  handler.finished().forEach(call -> missing.remove(call.id()));
                  return group.isEmpty() && missing.isEmpty();
                });
        await().atMost(Duration.ofSeconds(20)).until(worker::ready);
        assertThat(handler.overlaps()).isEmpty();
      }
      assertThat(worker.drain()).isTrue();
    }
  }
}
