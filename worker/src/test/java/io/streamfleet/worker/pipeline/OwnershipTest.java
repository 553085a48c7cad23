package io.streamfleet.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.channel.ServerClock;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.handle.DiscardHandler;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.read.Room;
import io.streamfleet.worker.telemetry.NoTracing;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is no longer in flight, and what stays so until it is settled. */
class OwnershipTest {

  private final RedisServer redis = RedisServer.plain();
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();
  private final PipelineSettings settings =
      ManifestSettings.of(
          """
          redis: {url: 'redis://127.0.0.1:6379'}
          inbound: {streams: [in], group: g, handler: {builtin: Discard}}
          """);

  /** Its loop does not run: the test is on it. */
  private final Pipeline consumer =
      new Pipeline(
          settings,
          new DiscardHandler(),
          new Endpoints(System::nanoTime, new WorkerMetrics(new CollectorRegistry(), "test")),
          BegunEntries.none(),
          link,
          connector,
          new Room(1_000_000, 1),
          new WorkerMetrics(new CollectorRegistry(), "test"),
          new Notices("cancel"),
          NoTracing.OFF,
          new ServerClock((by, back) -> {}));

  private final StreamIntake intake = consumer.path().intakes().iterator().next();

  @AfterEach
  void close() {
    connector.close();
    redis.close();
  }

  private Entry inFlight(String id) throws Exception {
    byte[] data = Traffic.text("{\"channel_id\":\"c\",\"is_addressed\":false}");
    Entry entry =
        new Entry(
            intake.stream(),
            new RawEntry(EntryId.parse(id), 1, RawEntry.Content.WHOLE, data, null, null),
            data,
            new HeaderScan("channel_id").scan(data),
            0,
            0);
    intake.entries().pending().take(entry);
    consumer.shared().credits().taken(1);
    return entry;
  }

  /** Whoever had it meanwhile may have died of it, and that is to count. */
  @Test
  void entriesPerhapsHandedOverAreDeliveredAgainWhenClaimed() throws Exception {
    Entry doubted = inFlight("1-0");
    Entry other = inFlight("2-0");
    Entry believed = inFlight("3-0");
    Entry parked = inFlight("4-0");
    intake
        .entries()
        .doubt(List.of(doubted.entryId(), believed.entryId(), parked.entryId()), System.nanoTime());
    intake.entries().park(parked, (stream, ids) -> {});
    ((ConsumerOwnership) intake.parts().ownership())
        .renewed(List.of(believed.entryId()), Set.of(), Set.of(), 0);

    // A look at the pending list is on its way: nothing is fetched before its answer.
    assertThat(intake.mayLook()).isTrue();

    intake.claimed(
        List.of(doubted.entryId(), other.entryId(), believed.entryId(), parked.entryId()));

    assertThat(intake.entries().pending().notCountedYet())
        .containsExactlyInAnyOrder(doubted.entryId(), parked.entryId());
    assertThat(intake.entries().pending().entries()).containsExactlyInAnyOrder(other, believed);
    assertThat(intake.entries().pending().parked()).isEmpty();
    assertThat(consumer.shared().credits().inFlight()).isEqualTo(2);
  }

  @Test
  void anEntryCancelledDuringItsHandOverStaysInFlightUntilAcknowledged() throws Exception {
    StreamConsumer stream = intake.stream();
    Entry stopped = inFlight("1-0");
    Entry other = inFlight("2-0");

    consumer.path().settlement().cancel(stopped);
    intake.entries().handedOver(Set.of(stopped.entryId(), other.entryId()));

    assertThat(intake.entries().inFlight(stopped.entryId())).as(stream.stream()).isEqualTo(stopped);
    assertThat(intake.entries().inFlight(other.entryId())).isNull();
    assertThat(consumer.shared().credits().inFlight()).isEqualTo(1);
    assertThat(intake.entries().drop(stopped)).isTrue();
    assertThat(consumer.shared().credits().inFlight()).isZero();
  }
}
