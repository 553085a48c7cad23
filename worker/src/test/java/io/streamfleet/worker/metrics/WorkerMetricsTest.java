package io.streamfleet.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.client.CollectorRegistry;
import io.streamfleet.handler.Direction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {

  private final CollectorRegistry registry = new CollectorRegistry();
  private final WorkerMetrics metrics = new WorkerMetrics(registry, "1.2.3");

  @Test
  void entriesAreCountedByStreamAndGroupUnderTheNamesOfTheReference() {
    StreamMetrics stream = metrics.forStream("s", "g");
    stream.read(1);
    stream.acked(2);
    stream.retried();
    stream.claimed(4);
    stream.claimedDeleted(5);
    stream.lost(6);
    stream.cancelled(7);
    stream.handedOver(8);
    stream.lockLost();
    stream.deadLettered("undecodable");

    assertThat(Scrape.of(registry).lines())
        .contains(
            "streamfleet_entries_read_total{stream=\"s\",group=\"g\",} 1.0",
            "streamfleet_entries_acked_total{stream=\"s\",group=\"g\",} 2.0",
            "streamfleet_entries_retried_total{stream=\"s\",group=\"g\",} 1.0",
            "streamfleet_entries_claimed_total{stream=\"s\",group=\"g\",} 4.0",
            "streamfleet_entries_claimed_deleted_total{stream=\"s\",group=\"g\",} 5.0",
            "streamfleet_entries_lost_total{stream=\"s\",group=\"g\",} 6.0",
            "streamfleet_entries_cancelled_total{stream=\"s\",group=\"g\",} 7.0",
            "streamfleet_handed_over_total{stream=\"s\",group=\"g\",} 8.0",
            "streamfleet_lock_lost_total{stream=\"s\",} 1.0",
            "streamfleet_entries_dead_lettered_total"
                + "{stream=\"s\",group=\"g\",reason=\"undecodable\",} 1.0");
  }

  @Test
  void aStreamShowsZerosBeforeItsFirstEntry() {
    metrics.forStream("s", "g").expectDeadLetters(List.of("undecodable", "max_attempts"));

    assertThat(Scrape.of(registry).lines())
        .contains(
            "streamfleet_entries_read_total{stream=\"s\",group=\"g\",} 0.0",
            "streamfleet_entries_dead_lettered_total"
                + "{stream=\"s\",group=\"g\",reason=\"undecodable\",} 0.0",
            "streamfleet_entries_dead_lettered_total"
                + "{stream=\"s\",group=\"g\",reason=\"max_attempts\",} 0.0",
            "streamfleet_end_to_end_seconds_count{stream=\"s\",} 0.0");
  }

  @Test
  void theSameStreamAskedForTwiceCountsOnTheSame() {
    metrics.forStream("s", "g").read(1);
    metrics.forStream("s", "g").read(1);

    assertThat(Scrape.of(registry).lines())
        .contains("streamfleet_entries_read_total{stream=\"s\",group=\"g\",} 2.0");
  }

  @Test
  void timesAreShownInSeconds() {
    StreamMetrics stream = metrics.forStream("s", "g");
    stream.endToEnd(1500, null);
    stream.lockWait(Duration.ofMillis(250).toNanos());
    metrics
        .forHandler(Direction.OUTBOUND, "outbound-mail")
        .observe(HandlerOutcome.TRANSIENT_FAILURE, Duration.ofSeconds(90).toNanos(), null);

    assertThat(Scrape.of(registry).lines())
        .contains(
            "streamfleet_end_to_end_seconds_sum{stream=\"s\",} 1.5",
            "streamfleet_channel_lock_wait_seconds_sum{stream=\"s\",} 0.25",
            "streamfleet_channel_lock_wait_seconds_bucket{stream=\"s\",le=\"0.25\",} 1.0",
            "streamfleet_channel_lock_wait_seconds_bucket{stream=\"s\",le=\"0.125\",} 0.0",
            "streamfleet_handler_seconds_sum{direction=\"outbound\",loop=\"outbound-mail\",outcome=\"transient_failure\",}"
                + " 90.0");
  }

  @Test
  void anEntryFromAServerWhoseClockIsAheadTookNoTimeRatherThanLessThanNone() {
    metrics.forStream("s", "g").endToEnd(-20, null);

    assertThat(Scrape.of(registry).lines())
        .contains(
            "streamfleet_end_to_end_seconds_sum{stream=\"s\",} 0.0",
            "streamfleet_end_to_end_seconds_count{stream=\"s\",} 1.0");
  }

  @Test
  void everyOutcomeOfAHandlerHasItsSeries() {
    HandlerMetrics handler = metrics.forHandler(Direction.INBOUND, "inbound");
    for (HandlerOutcome outcome : HandlerOutcome.values()) {
      handler.observe(outcome, 1, null);
    }

    assertThat(Scrape.of(registry).samples("streamfleet_handler_seconds_count"))
        .containsExactlyInAnyOrder(
            inbound("success"),
            inbound("transient_failure"),
            inbound("permanent_failure"),
            inbound("unavailable"),
            inbound("limited"),
            inbound("hindered"),
            inbound("interrupted"),
            inbound("cancelled"));
  }

  @Test
  void aPipelineIsAskedForItsStateAtEachScrape() {
    AtomicInteger inFlight = new AtomicInteger(3);
    metrics.showPipeline("inbound", () -> 256, () -> 2, () -> 1, () -> 0);
    metrics.showInFlight("inbound", "s", "g", inFlight::get, () -> false);
    Scrape first = Scrape.of(registry);
    inFlight.set(4);
    Scrape second = Scrape.of(registry);

    assertThat(first.lines())
        .contains(
            "streamfleet_in_flight{loop=\"inbound\",stream=\"s\",group=\"g\",} 3.0",
            "streamfleet_in_flight_limit{loop=\"inbound\",} 256.0",
            "streamfleet_lanes{loop=\"inbound\",} 2.0",
            "streamfleet_parked{loop=\"inbound\",} 1.0");
    assertThat(second.lines())
        .contains("streamfleet_in_flight{loop=\"inbound\",stream=\"s\",group=\"g\",} 4.0");
  }

  @Test
  void aPipelineAndEachOfItsStreamsIsShownOnce() {
    metrics.showPipeline("inbound", () -> 1, () -> 0, () -> 0, () -> 0);
    metrics.showInFlight("inbound", "s", "g", () -> 0, () -> false);

    assertThatThrownBy(() -> metrics.showPipeline("inbound", () -> 1, () -> 0, () -> 0, () -> 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pipeline inbound");
    assertThatThrownBy(() -> metrics.showInFlight("inbound", "s", "g", () -> 0, () -> false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stream s and group g");
  }

  @Test
  void theTimeSinceALoopTurnedIsAskedForAtEachScrape() {
    AtomicLong nanos = new AtomicLong(Duration.ofMillis(1500).toNanos());
    metrics.showLoop("inbound", nanos::get);
    Scrape first = Scrape.of(registry);
    nanos.set(0);
    Scrape second = Scrape.of(registry);

    assertThat(first.samples("streamfleet_loop"))
        .containsExactly("streamfleet_loop_last_turn_seconds{loop=\"inbound\",} 1.5");
    assertThat(second.samples("streamfleet_loop"))
        .containsExactly("streamfleet_loop_last_turn_seconds{loop=\"inbound\",} 0.0");
    assertThatThrownBy(() -> metrics.showLoop("inbound", () -> 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loop inbound");
  }

  @Test
  void whetherTheWorkerIsReadyAndRedisAnswersIsAskedForAtEachScrape() {
    AtomicBoolean ready = new AtomicBoolean();
    metrics.showWorker(ready::get, () -> true, () -> false);
    Scrape first = Scrape.of(registry);
    ready.set(true);
    Scrape second = Scrape.of(registry);

    assertThat(first.lines()).contains("streamfleet_ready 0.0", "streamfleet_redis_up 1.0");
    assertThat(second.lines()).contains("streamfleet_ready 1.0");
  }

  @Test
  void redisTroubleAndWhatIsRunningAreShown() {
    metrics.redisReconnected();
    metrics.redisFailed("xack");
    metrics.observationFailed();
    metrics.outboundEmitted("out", 2);

    assertThat(Scrape.of(registry).lines())
        .contains(
            "streamfleet_redis_reconnects_total 1.0",
            "streamfleet_redis_errors_total{operation=\"xack\",} 1.0",
            "streamfleet_observation_failures_total 1.0",
            "streamfleet_outbound_emitted_total{stream=\"out\",} 2.0",
            "streamfleet_build_info{version=\"1.2.3\",java=\"%s\",} 1.0"
                .formatted(Runtime.version()));
  }

  @Test
  void platformsThatHandlersMakeUpDoNotMakeSeriesWithoutEnd() {
    for (int i = 0; i < EmissionMetrics.MOST_STREAMS + 100; i++) {
      metrics.outboundEmitted("out:" + i, 1);
    }
    metrics.outboundEmitted("out:0", 1);

    assertThat(Scrape.of(registry).samples("streamfleet_outbound_emitted_total"))
        .hasSize(EmissionMetrics.MOST_STREAMS + 1);
    assertThat(Scrape.of(registry).lines())
        .contains(
            "streamfleet_outbound_emitted_total{stream=\"out:0\",} 2.0",
            "streamfleet_outbound_emitted_total{stream=\"other\",} 100.0");
  }

  @Test
  void theJavaMachineIsShownInTheSameRegistryOnceItIsAskedFor() {
    assertThat(Scrape.of(registry).samples("jvm_")).isEmpty();

    metrics.exportJvm();

    assertThat(Scrape.of(registry).samples("jvm_memory_bytes_used")).isNotEmpty();
  }

  private static String inbound(String outcome) {
    return "streamfleet_handler_seconds_count{direction=\"inbound\",loop=\"inbound\",outcome=\"%s\",} 1.0"
        .formatted(outcome);
  }
}
