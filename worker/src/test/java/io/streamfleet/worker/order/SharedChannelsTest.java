package io.streamfleet.worker.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.RecordingHandler.Call;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several workers on the same channels under a backlog. */
class SharedChannelsTest {

  private static final String MANIFEST =
      QuickManifest.calm().with("read", "{block: 100ms, batchSize: 50, maxInFlight: 100}").text();

  private static final int ENTRIES = 3_000;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void handleEveryEntryOnceAndNoChannelTwiceAtATime(int workers) throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              LockSupport.parkNanos(
                  ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(3)));
              return Handled.nothing();
            });
    List<TestWorker> fleet = new ArrayList<>();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      for (int i = 0; i < ENTRIES / 2; i++) {
        traffic.publish("in", "c" + i % 20);
      }
      for (int i = 0; i < workers; i++) {
        fleet.add(TestWorker.start(MANIFEST, "w" + i, handler, redis.url()));
      }
      for (int i = ENTRIES / 2; i < ENTRIES; i++) {
        traffic.publish("in", "c" + i % 20);
      }
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> handler.finished().size() >= ENTRIES && traffic.pending("in", "g") == 0);
      double handedOver = 0;
      for (TestWorker worker : fleet) {
        handedOver += worker.metric("streamfleet_handed_over_total", "stream", "in", "group", "g");
        assertThat(worker.metric("streamfleet_lock_lost_total", "stream", "in")).isZero();
      }
      for (TestWorker worker : fleet) {
        assertThat(worker.drain()).isTrue();
      }

      assertThat(handler.overlaps()).isEmpty();
      assertThat(handler.started()).extracting(Call::id).doesNotHaveDuplicates().hasSize(ENTRIES);
      assertThat(handedOver).isPositive();
      assertThat(traffic.redis().keys("sg:lock:*")).isEmpty();
      assertThat(traffic.redis().xinfoConsumers("in", "g")).isEmpty();
      assertThat(traffic.redis().exists("dlq")).isZero();
    } finally {
      for (TestWorker worker : fleet) {
        worker.close();
      }
    }
  }
}
