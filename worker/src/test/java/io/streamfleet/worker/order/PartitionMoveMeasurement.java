package io.streamfleet.worker.order;

import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.partition.Partitions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * How long messages wait while partitions move: prints a line for each kind of move. Not among the
 * tests, since it asserts nothing and needs a quiet machine:
 *
 * <pre>mvn verify -pl worker -am -Dtest=PartitionMoveMeasurement
 * -Dsurefire.failIfNoSpecifiedTests=false -Dcoverage.minimum=0</pre>
 */
class PartitionMoveMeasurement {

  private static final Partitions ALL = new Partitions("in", 32);
  private static final int CHANNELS = 200;
  private static final int RATE = 1_000;
  private static final Duration WATCHED = Duration.ofSeconds(4);

  private final Map<String, Long> published = new ConcurrentHashMap<>();
  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final RecordingHandler handler =
      new RecordingHandler(
          message -> {
            begun.putIfAbsent(message.stream() + message.id(), System.nanoTime());
            return Handled.nothing();
          });

  private interface Move {
    void begin() throws Exception;
  }

  @Test
  void moves() throws Exception {
    AtomicBoolean on = new AtomicBoolean(true);
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        TestWorker _ = start("w0", redis)) {
      Thread publisher = Thread.ofPlatform().start(() -> publish(traffic, on));
      waited("nothing moves", () -> {});
      try (TestWorker second = start("w1", redis)) {
        waited("nothing moves", () -> {});
        try (TestWorker third = start("w2", redis)) {
          waited("a third worker came", () -> {});
          waited("it is drained", third::drain);
        }
        waited("the second is drained", second::drain);
      }
      on.set(false);
      publisher.join();
      await().until(() -> begun.size() == published.size());
    }
  }

  private void waited(String what, Move move) throws Exception {
    long from = System.nanoTime();
    move.begin();
    TimeUnit.NANOSECONDS.sleep(WATCHED.toNanos());
    long to = System.nanoTime();
    List<Long> waits =
        published.entrySet().stream()
            .filter(it -> it.getValue() - from >= 0 && it.getValue() - to < 0)
            .map(it -> begun.getOrDefault(it.getKey(), to) - it.getValue())
            .sorted()
            .toList();
    System.out.printf(
        "MOVE %s: of %d messages the median waited %.1f ms, the 99th %.1f ms, the longest %.1f ms%n",
        what,
        waits.size(),
        millis(waits.get(waits.size() / 2)),
        millis(waits.get(waits.size() * 99 / 100)),
        millis(waits.getLast()));
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  private void publish(Traffic traffic, AtomicBoolean on) {
    long begin = System.nanoTime();
    for (long i = 0; on.get(); i++) {
      LockSupport.parkNanos(begin + i * TimeUnit.SECONDS.toNanos(1) / RATE - System.nanoTime());
      String channel = "c" + i % CHANNELS;
      String stream = ALL.streamOf(ALL.of(channel));
      long now = System.nanoTime();
      published.put(stream + traffic.publish(stream, channel), now);
    }
  }

  private TestWorker start(String name, RedisServer redis) throws Exception {
    String manifest =
        QuickManifest.calm()
            .with(
                "inbound",
                "{streams: [in], group: g, partitions: {count: 32}, handler: {builtin: Discard}}")
            .text();
    return TestWorker.start(manifest, name, handler, redis.url());
  }
}
