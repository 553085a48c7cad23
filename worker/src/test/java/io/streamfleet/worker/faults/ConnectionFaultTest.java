package io.streamfleet.worker.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Load;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way to Redis fails under load: all is handled, and the worker comes back by itself. */
class ConnectionFaultTest {

  /** Reclaim and the own look of each third of minIdle are too far away to help. */
  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, ordering: {lockTtl: 2s}, handler: {builtin: Discard}}
      read: {block: 200ms}
      autoclaim: {interval: 1h, minIdle: 1h}
      """;

  private final RedisServer redis = RedisServer.plain();
  private final FaultyLink link = FaultyLink.to(redis);
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");
  private final RecordingHandler handler = RecordingHandler.instant();

  @AfterEach
  void close() {
    traffic.close();
    link.close();
    redis.close();
  }

  static RedisSettings impatient(String url) {
    return new RedisSettings(
        url, false, false, Duration.ofSeconds(1), () -> Credentials.NONE, true, "test");
  }

  private interface Fault {
    void strike(TestWorker worker) throws Exception;
  }

  private void handlesAllThrough(Fault fault) throws Exception {
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, impatient(link.url()));
        Load load = Load.on(redis.url(), "in")) {
      await().until(() -> handler.finished().size() > 100);
      fault.strike(worker);
      int before = handler.finished().size();
      await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() > before + 50);
      Set<String> published = load.stop();

      // Nothing is pending either while the rest has not been read yet.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> group.isEmpty() && missing(published).isEmpty());
      assertThat(repeated()).as("what was handled well is not handled again").isEmpty();
      assertThat(outOfOrder()).isEmpty();
      assertThat(handler.overlaps()).isEmpty();
      await().atMost(Duration.ofSeconds(20)).until(worker::ready);
      assertThat(worker.drain()).isTrue();
    }
    assertThat(group.consumers()).isEmpty();
    assertThat(traffic.redis().keys("sg:lock:*")).isEmpty();
  }

  private Set<String> missing(Set<String> published) {
    Set<String> missing = new TreeSet<>(published);
    handler.finished().forEach(call -> missing.remove(call.id()));
    return missing;
  }

  private List<String> repeated() {
    Map<String, Integer> times = new HashMap<>();
    handler.finished().forEach(call -> times.merge(call.id(), 1, Integer::sum));
    return times.entrySet().stream()
        .filter(entry -> entry.getValue() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Channels whose messages were not handled in the order of their publication. */
  private List<String> outOfOrder() {
    return handler.finished().stream()
        .collect(
            Collectors.groupingBy(
                RecordingHandler.Call::channel,
                Collectors.mapping(RecordingHandler.Call::number, Collectors.toList())))
        .entrySet()
        .stream()
        .filter(entry -> !entry.getValue().equals(entry.getValue().stream().sorted().toList()))
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .toList();
  }

  @Test
  void connectionsThatAreCutForTwoSecondsCostNothing() throws Exception {
    handlesAllThrough(
        worker -> {
          link.cut();
          await().atMost(Duration.ofSeconds(20)).until(() -> !worker.ready());
          long cut = System.nanoTime();
          await().until(() -> System.nanoTime() - cut > Duration.ofSeconds(2).toNanos());
          link.restore();
        });
  }

  @Test
  void aStallBeyondTheCommandTimeoutCostsNothing() throws Exception {
    handlesAllThrough(
        worker -> {
          link.stall();
          await().atMost(Duration.ofSeconds(20)).until(() -> !worker.ready());
          link.restore();
        });
  }

  @Test
  void repliesThatNeverCameAreMadeUpForByALookAtTheOwnPendingEntries() throws Exception {
    handlesAllThrough(
        worker -> {
          link.stallReplies();
          // Redis has delivered to us, and to nobody's knowledge.
          await().until(() -> !group.isEmpty());
          await().atMost(Duration.ofSeconds(20)).until(() -> !worker.ready());
          link.cut();
          link.restore();
        });
  }

  @Test
  void aServerThatStandsStillForSecondsCostsNothing() throws Exception {
    handlesAllThrough(
        worker -> {
          redis.pause();
          try {
            await().atMost(Duration.ofSeconds(20)).until(() -> !worker.ready());
            await()
                .during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() -> !worker.ready());
          } finally {
            redis.resume();
          }
        });
  }
}
