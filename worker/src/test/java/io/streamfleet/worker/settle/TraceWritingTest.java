package io.streamfleet.worker.settle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.api.TraceSpec;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.settle.Traces.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which states of a trace are written, and when, by a clock that the test moves. */
class TraceWritingTest {

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();
  private final AtomicLong now = new AtomicLong();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final EventLoop loop = new EventLoop("test", now::get, () -> {}, failures::add);
  private final Traces traces =
      new Traces(
          loop,
          link,
          new TraceSpec(true, "sg:trace:{trace_id}", "sg:traces:active", Duration.ofHours(24)),
          Clock.systemUTC(),
          (operation, failure) -> failures.add(failure));

  @BeforeEach
  void start() {
    loop.start();
  }

  @AfterEach
  void close() throws Exception {
    loop.stop(Duration.ofSeconds(5));
    connector.close();
    traffic.close();
    redis.close();
    assertThat(failures).isEmpty();
  }

  private void record(String trace, State... states) {
    loop.execute(() -> List.of(states).forEach(state -> traces.record(trace, state)));
  }

  /** Time goes by in steps smaller than any that the traces know. */
  private void pass(Duration time) {
    for (int step = 0; step < time.toMillis(); step += 5) {
      CompletableFuture<Void> turned = new CompletableFuture<>();
      loop.execute(
          () -> {
            now.addAndGet(Duration.ofMillis(5).toNanos());
            loop.execute(() -> turned.complete(null));
          });
      turned.join();
    }
  }

  private String state(String trace) {
    byte @Nullable [] state = traffic.redis().hget("sg:trace:" + trace, "state");
    return state == null ? "" : new String(state, UTF_8);
  }

  private boolean active(String trace) {
    return traffic.redis().sismember("sg:traces:active", Traffic.text(trace));
  }

  @Test
  void writesAnEndedTraceOnceAndAtOnce() {
    record("quick", State.CLAIMED, State.COMPLETED);
    pass(Duration.ofMillis(15));

    await().untilAsserted(() -> assertThat(state("quick")).isEqualTo("COMPLETED"));
    pass(Duration.ofMillis(200));
    record("other", State.COMPLETED);
    pass(Duration.ofMillis(15));
    await().untilAsserted(() -> assertThat(state("other")).isEqualTo("COMPLETED"));
    assertThat(GroupView.calls(traffic, "hset")).isEqualTo(2);
    assertThat(state("quick")).isEqualTo("COMPLETED");
  }

  @Test
  void writesAnActiveTraceOnceIn100Milliseconds() {
    record("slow", State.CLAIMED);
    pass(Duration.ofMillis(50));
    record("slow", State.ERRORED);
    pass(Duration.ofMillis(65));

    await().untilAsserted(() -> assertThat(state("slow")).isEqualTo("ERRORED"));
    await().until(() -> active("slow"));
    record("slow", State.COMPLETED);
    pass(Duration.ofMillis(15));
    await().untilAsserted(() -> assertThat(state("slow")).isEqualTo("COMPLETED"));
    await().until(() -> !active("slow"));
  }

  @Test
  void anEntryThatComesAfterTheEndOfAnotherOneOfItsTraceHasTheLastWord() {
    record("shared", State.COMPLETED, State.CLAIMED);
    CompletableFuture<Void> written = new CompletableFuture<>();
    loop.execute(() -> traces.flush().thenAccept(written::complete));
    written.join();

    assertThat(state("shared")).isEqualTo("CLAIMED");
    assertThat(active("shared")).isTrue();
  }

  /** As from a worker that had the entry before, or over a connection that was opened later. */
  @Test
  void aStateThatComesLateDoesNotUndoALaterOne() {
    double tomorrow = Instant.now().plus(Duration.ofDays(1)).toEpochMilli() / 1e3;
    traffic
        .redis()
        .hset(
            "sg:trace:moved",
            Map.of(
                "state", Traffic.text("COMPLETED"),
                "updated_at", Traffic.text(Double.toString(tomorrow))));
    record("moved", State.ERRORED);
    record("next", State.ERRORED);
    pass(Duration.ofMillis(150));

    await().untilAsserted(() -> assertThat(state("next")).isEqualTo("ERRORED"));
    assertThat(state("moved")).isEqualTo("COMPLETED");
  }

  @Test
  void aHashExpiresADayAfterItsLastChangeAndKeepsWhatOthersWroteIntoIt() {
    traffic.redis().hset("sg:trace:theirs", "created_at", Traffic.text("1.5"));
    record("theirs", State.COMPLETED);
    pass(Duration.ofMillis(15));

    await().untilAsserted(() -> assertThat(state("theirs")).isEqualTo("COMPLETED"));
    assertThat(traffic.redis().hget("sg:trace:theirs", "created_at"))
        .isEqualTo(Traffic.text("1.5"));
    assertThat(traffic.redis().pttl("sg:trace:theirs"))
        .isBetween(Duration.ofHours(23).toMillis(), Duration.ofHours(24).toMillis());
  }
}
