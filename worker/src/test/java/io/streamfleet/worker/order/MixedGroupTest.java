package io.streamfleet.worker.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Direction;
import io.streamfleet.handler.Handled;
import io.streamfleet.original.OriginalSettings;
import io.streamfleet.original.OriginalWorker;
import io.streamfleet.original.Processing;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.RecordingHandler.Call;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Workers of the original and ours on one stream, one group and the same channels. */
class MixedGroupTest {

  private static final int ENTRIES = 500;

  /** Long enough for a task of the original's to wait for its turn without being claimed away. */
  private static final Duration MIN_IDLE = Duration.ofSeconds(3);

  private static final RecordingHandler.Behaviour SHORT_WORK =
      message -> {
        LockSupport.parkNanos(
            ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(3)));
        return Handled.nothing();
      };

  @Test
  void handlesEverythingAndNeverAChannelTwiceAtATime() throws Exception {
    RecordingHandler handler = new RecordingHandler(SHORT_WORK);
    String manifest =
        QuickManifest.calm()
            .with("autoclaim", "{interval: 500ms, minIdle: 3s, maxDeliveries: 20}")
            .with("read", "{block: 100ms, batchSize: 10, maxInFlight: 50}")
            .text();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      traffic
          .redis()
          .xgroupCreate(StreamOffset.from("in", "0"), "g", XGroupCreateArgs.Builder.mkstream());
      IntStream.range(0, ENTRIES / 2).forEach(i -> traffic.publish("in", "c" + i % 10));
      try (OriginalWorker python1 = original(redis, "python1", handler);
          OriginalWorker python2 = original(redis, "python2", handler);
          TestWorker w1 = TestWorker.start(manifest, "w1", handler, redis.url());
          TestWorker w2 = TestWorker.start(manifest, "w2", handler, redis.url())) {
        IntStream.range(ENTRIES / 2, ENTRIES).forEach(i -> traffic.publish("in", "c" + i % 10));
        await()
            .atMost(Duration.ofSeconds(40))
            .until(
                () ->
                    handler.finished().stream().map(Call::number).distinct().count() == ENTRIES
                        && traffic.pending("in", "g") == 0);
        assertThat(w1.drain()).isTrue();
        assertThat(w2.drain()).isTrue();
        assertThat(python1.failures()).isEmpty();
        assertThat(python2.failures()).isEmpty();
      }
      assertThat(handler.finished())
          .extracting(Call::number)
          .containsAll(LongStream.range(0, ENTRIES).boxed().toList());
      assertThat(handler.overlaps()).isEmpty();
      assertThat(traffic.redis().keys("sg:lock:*")).isEmpty();
      assertThat(traffic.redis().exists("dlq", "sg:stream:dlq")).isZero();
    }
  }

  private static OriginalWorker original(RedisServer redis, String name, RecordingHandler handler) {
    return new OriginalWorker(
        OriginalSettings.of(redis.url(), name, "in", "g", MIN_IDLE, Duration.ofSeconds(20)),
        new Recorded(name, handler));
  }

  /** The original's processing with our handler. */
  private record Recorded(String name, RecordingHandler handler) implements Processing {

    private static final HeaderScan SCAN = new HeaderScan("channel_id");

    @Override
    public Header read(byte[] data) throws Exception {
      return new Header(entry("0-0", data).channel(), true);
    }

    @Override
    public void process(String id, Header header, int attempt, byte[] data) throws Exception {
      handler.handle(entry(id, data));
    }

    private Entry entry(String id, byte[] data) throws Exception {
      return new Entry(
          new StreamConsumer(Direction.INBOUND, "in", "g", name),
          new RawEntry(EntryId.parse(id), 1, RawEntry.Content.WHOLE, data, null, null),
          data,
          SCAN.scan(data),
          0,
          0);
    }
  }
}
