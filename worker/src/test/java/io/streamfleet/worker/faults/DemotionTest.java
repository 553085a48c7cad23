package io.streamfleet.worker.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.FaultyLink;
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

/**
 * A master becomes a replica and keeps its connections: no Sentinel, one name for whoever leads.
 */
class DemotionTest {

  private static final Duration FAILOVER = Duration.ofSeconds(30);

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, ordering: {lockTtl: 1s}, handler: {builtin: Discard}}
      read: {block: 200ms}
      autoclaim: {interval: 300ms, minIdle: 2s}
      """;

  private final RecordingHandler handler = RecordingHandler.instant();

  @Test
  void theWorkerFollowsTheNameToTheNewMaster() throws Exception {
    try (RedisServer old = RedisServer.plain();
        RedisServer successor = RedisServer.plain();
        FaultyLink name = FaultyLink.to(old);
        Traffic atOld = new Traffic(old.url());
        Traffic atSuccessor = new Traffic(successor.url());
        TestWorker worker =
            TestWorker.start(MANIFEST, "w1", handler, ConnectionFaultTest.impatient(name.url()))) {
      atSuccessor.redis().replicaof("127.0.0.1", old.port());
      await()
          .atMost(FAILOVER)
          .until(() -> atSuccessor.redis().info("replication").contains("master_link_status:up"));
      Set<String> published = new TreeSet<>();
      try (Load load = Load.on(old.url(), "in")) {
        await().until(() -> handler.finished().size() > 100);
        published.addAll(load.stop());
      }
      await().until(() -> atSuccessor.redis().xlen("in") == published.size());

      atSuccessor.redis().replicaofNoOne();
      atOld.redis().replicaof("127.0.0.1", successor.port());
      name.lead(successor);

      try (Load load = Load.on(successor.url(), "in")) {
        int before = handler.finished().size();
        await().atMost(FAILOVER).until(() -> handler.finished().size() > before + 100);
        published.addAll(load.stop());
      }
      GroupView group = new GroupView(atSuccessor, "in", "g");
      // Nothing is pending either while the rest has not been read yet.
      await()
          .atMost(FAILOVER)
          .until(
              () -> {
                handler.finished().forEach(call -> published.remove(call.id()));
                return group.isEmpty() && published.isEmpty();
              });
      assertThat(handler.overlaps()).isEmpty();
      assertThat(worker.metric("streamfleet_redis_reconnects_total")).isPositive();
      await().atMost(FAILOVER).until(worker::ready);
      assertThat(worker.drain()).isTrue();
    }
  }

  @Test
  void aMasterThatIsOneAgainIsServedOn() throws Exception {
    try (RedisServer redis = RedisServer.plain();
        FaultyLink name = FaultyLink.to(redis);
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker =
            TestWorker.start(MANIFEST, "w1", handler, ConnectionFaultTest.impatient(name.url()))) {
      traffic.publish("in", "c");
      await().until(() -> handler.finished().size() == 1);
      // Nobody listens there: it stays a replica that never had a master.
      traffic.redis().replicaof("127.0.0.1", 1);
      double before = worker.metric("streamfleet_redis_reconnects_total");
      await()
          .atMost(FAILOVER)
          .until(() -> worker.metric("streamfleet_redis_reconnects_total") > before);
      assertThat(worker.ended()).isFalse();

      traffic.redis().replicaofNoOne();
      traffic.publish("in", "c");
      await().atMost(FAILOVER).until(() -> handler.finished().size() == 2);
      await().atMost(FAILOVER).until(() -> traffic.pending("in", "g") == 0);
      await().atMost(FAILOVER).until(worker::ready);
    }
  }
}
