package io.streamfleet.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.client.CollectorRegistry;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.channel.ServerClock;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.read.Room;
import io.streamfleet.worker.telemetry.NoTracing;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake of ours over one entry: here, the name of an outbound stream that cannot be made. */
class InternalFailuresTest {

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final CollectorRegistry registry = new CollectorRegistry();

  @AfterEach
  void close() {
    connector.close();
    traffic.close();
    redis.close();
  }

  /** Entries of the channel {@code cursed} emit, and all are done within one task of the loop. */
  private static final class Cursed implements MessageHandler {

    @Override
    public Handled handle(Message message) {
      return message.channel().equals("cursed")
          ? Handled.emitting(new OutboundMessage("chat", Map.of("n", 1)))
          : Handled.nothing();
    }

    @Override
    public boolean blocking() {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Channel", "None"})
  void itCostsThatEntryItsDeliveriesAndItsNeighboursNothing(String ordering) throws Exception {
    GroupView group = new GroupView(traffic, "in", "g").created();
    for (int i = 0; i < 30; i++) {
      traffic.publish("in", i % 10 == 3 ? "cursed" : "c" + i % 10);
    }
    QuickManifest manifest =
        QuickManifest.calm()
            .with("autoclaim", "{interval: 1h, minIdle: 20s, maxDeliveries: 2}")
            .with("retry", "{maxAttempts: 2, initialBackoff: 10ms, maxBackoff: 10ms}")
            .ordering("{mode: " + ordering + ", lockTtl: 20s}");
    Link commands = connector.connect();
    Pipeline consumer =
        new Pipeline(
            cursed(manifest),
            new Cursed(),
            new Endpoints(System::nanoTime, new WorkerMetrics(new CollectorRegistry(), "test")),
            BegunEntries.none(),
            commands,
            connector,
            new Room(10_000_000, 1),
            new WorkerMetrics(registry, "test"),
            new Notices("cancel"),
            NoTracing.OFF,
            new ServerClock((by, back) -> {}));
    consumer.start();
    try {
      await().atMost(Duration.ofSeconds(20)).until(group::isEmpty);

      assertThat(GroupView.entries(traffic, "dlq"))
          .hasSize(3)
          .allSatisfy(letter -> assertThat(letter).containsEntry("reason", "max_deliveries"));
      assertThat(registry.getSampleValue("streamfleet_internal_failures_total")).isEqualTo(6);
    } finally {
      consumer.drain(Duration.ofSeconds(5), false);
      consumer.close();
    }
  }

  private static PipelineSettings cursed(QuickManifest manifest) throws Exception {
    PipelineSettings plain = ManifestSettings.of(manifest.text());
    return new PipelineSettings(
        plain.name(),
        plain.direction(),
        plain.consumer(),
        plain.streams(),
        plain.partitions(),
        plain.platform(),
        plain.lockToken(),
        plain.startFrom(),
        plain.ordering(),
        plain.block(),
        plain.atStart(),
        plain.deadLetter(),
        plain.control(),
        platform -> {
          throw new IllegalStateException("a mistake of ours");
        },
        plain.outboundMaxLength(),
        plain.drainTimeout(),
        plain.lifeBeforeIsKnown(),
        plain.nanoTime(),
        plain.clock(),
        plain.random());
  }
}
