package io.streamfleet.worker.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Load;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Redis itself fails, or forgets: the worker never ends, and goes on with what there is. */
class ServerFaultTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, ordering: {lockTtl: 1s}, handler: {builtin: Discard}}
      read: {block: 200ms}
      autoclaim: {interval: 300ms, minIdle: 2s}
      """;

  private final RecordingHandler handler = RecordingHandler.instant();

  private TestWorker worker(RedisServer redis) throws Exception {
    return TestWorker.start(MANIFEST, "w1", handler, ConnectionFaultTest.impatient(redis.url()));
  }

  private Set<String> missing(Set<String> published) {
    Set<String> missing = new TreeSet<>(published);
    handler.finished().forEach(call -> missing.remove(call.id()));
    return missing;
  }

  private void awaitMore(int count) {
    int before = handler.finished().size();
    await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() > before + count);
  }

  @Test
  void nothingIsLostWhenAServerThatKeepsItsDataIsKilledAndComesBack() throws Exception {
    try (RedisServer redis = RedisServer.builder().appendOnly(RedisServer.Fsync.ALWAYS).start();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker = worker(redis);
        Load load = Load.on(redis.url(), "in")) {
      GroupView group = new GroupView(traffic, "in", "g");
      awaitMore(100);
      redis.kill();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !worker.ready() && worker.metric("streamfleet_redis_up") == 0);
      redis.start();
      awaitMore(50);
      Set<String> published = load.stop();

      // Nothing is pending either while the rest has not been read yet.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> group.isEmpty() && missing(published).isEmpty());
      assertThat(handler.overlaps()).isEmpty();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> worker.ready() && worker.metric("streamfleet_ready") == 1);
      assertThat(worker.metric("streamfleet_redis_up")).isEqualTo(1);
      assertThat(worker.ended()).isFalse();
    }
  }

  @Test
  void aServerThatComesBackEmptyIsServedAnew() throws Exception {
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker = worker(redis)) {
      traffic.publish("in", "c");
      awaitMore(0);
      redis.kill();
      redis.start();
      await().atMost(Duration.ofSeconds(20)).until(() -> traffic.redis().exists("in") == 1);
      traffic.publish("in", "c");
      await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() == 2);

      await().until(() -> traffic.pending("in", "g") == 0);
      await().atMost(Duration.ofSeconds(20)).until(worker::ready);
      assertThat(worker.ended()).isFalse();
    }
  }

  @Test
  void aFlushUnderLoadLosesNothingThatIsPublishedAfterwards() throws Exception {
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker = worker(redis);
        Load load = Load.on(redis.url(), "in")) {
      GroupView group = new GroupView(traffic, "in", "g");
      awaitMore(100);
      traffic.redis().flushall();
      // The message that was on its way may have been flushed, but none after it.
      int flushed = load.published().size();
      await().until(() -> load.published().size() > flushed + 1);
      Set<String> before = load.published();
      awaitMore(100);
      Set<String> published = new TreeSet<>(load.stop());
      published.removeAll(before);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> group.isEmpty() && missing(published).isEmpty());

      assertThat(handler.overlaps()).isEmpty();
      assertThat(worker.ready()).isTrue();
    }
  }

  @Test
  void aGroupThatIsDestroyedUnderLoadIsCreatedAgainAndNothingIsPassedOver() throws Exception {
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker = worker(redis);
        Load load = Load.on(redis.url(), "in")) {
      GroupView group = new GroupView(traffic, "in", "g");
      awaitMore(100);
      traffic.redis().xgroupDestroy("in", "g");
      awaitMore(200);
      Set<String> published = load.stop();

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> group.isEmpty() && missing(published).isEmpty());
      assertThat(handler.overlaps()).isEmpty();
      assertThat(worker.ready()).isTrue();
    }
  }

  @Test
  void aWorkerWaitsForAServerThatIsNotThereYet() throws Exception {
    try (RedisServer redis = RedisServer.plain()) {
      redis.stop();
      try (TestWorker worker =
          TestWorker.launch(MANIFEST, "w1", handler, ConnectionFaultTest.impatient(redis.url()))) {
        await().until(() -> !worker.health().readinessProblems().isEmpty());
        assertThat(worker.health().readinessProblems().toString()).contains("not connected");
        redis.start();
        await().atMost(Duration.ofSeconds(20)).until(worker::ready);
        try (Traffic traffic = new Traffic(redis.url())) {
          traffic.publish("in", "c");
          await().until(() -> handler.finished().size() == 1);
        }
      }
    }
  }
}
