package io.streamfleet.worker.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisSentinels;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Load;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.partition.Partitions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
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

  private static final Partitions FOUR = new Partitions("in", 4);

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

  /**
   * What the failover loses of reads and settlements, and of what the splitter appends, is handled
   * again, in the order of channels.
   */
  @Test
  void theOrderInPartitionsSurvivesTheDeathOfTheMaster() throws Exception {
    String manifest =
        MANIFEST.replace(
            "ordering: {lockTtl: 1s}",
            "partitions: {count: 4, from: Splitter}, ordering: {lockTtl: 2s}");
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch killed = new CountDownLatch(1);
    RecordingHandler handler =
        new RecordingHandler(
            _ -> {
              if (begun.incrementAndGet() > 100) {
                assertThat(killed.await(FAILOVER.toSeconds(), TimeUnit.SECONDS)).isTrue();
              }
              return Handled.nothing();
            });
    try (RedisSentinels sentinels = RedisSentinels.start();
        TestWorker one = TestWorker.start(manifest, "w1", handler, settings(sentinels.url()));
        TestWorker two = TestWorker.start(manifest, "w2", handler, settings(sentinels.url()))) {
      int all = 800;
      try (Traffic traffic = new Traffic(sentinels.master().url())) {
        publish(traffic, 0, all);
        await().until(() -> traffic.redis().waitForReplication(1, 1_000) >= 1);
        await().until(() -> begun.get() > 100);
      }
      RedisServer failed = sentinels.killMaster();
      killed.countDown();
      RedisServer master = sentinels.awaitFailover(failed, FAILOVER);

      try (Traffic traffic = new Traffic(master.url())) {
        publish(traffic, all, 2 * all);
        await().atMost(FAILOVER).until(() -> distinct(handler).size() == 2 * all);
        await()
            .atMost(FAILOVER)
            .until(
                () ->
                    traffic.pending("in", "g") == 0
                        && FOUR.streams().stream().allMatch(it -> traffic.pending(it, "g") == 0));
      }
      for (int c = 0; c < 8; c++) {
        assertThat(handler.numbers("c" + c).stream().distinct().toList()).isSorted();
      }
      assertThat(one.drain()).isTrue();
      assertThat(two.drain()).isTrue();
    }
  }

  private static void publish(Traffic traffic, int from, int to) {
    for (int i = from; i < to; i++) {
      String channel = "c" + i % 8;
      traffic.publish("in", Map.of("channel_id", channel, "n", i));
    }
  }

  private static Set<Long> distinct(RecordingHandler handler) {
    return handler.finished().stream()
        .map(RecordingHandler.Call::number)
        .collect(Collectors.toSet());
  }
}
