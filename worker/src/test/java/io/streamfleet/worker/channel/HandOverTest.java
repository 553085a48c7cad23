package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.GhostHolder;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A channel's entries are handed over to the holder of its lock, even if notices get lost. */
class HandOverTest {

  private static final String LOCK = "sg:lock:channel:c";

  @Test
  void gathersTheEntriesOfAChannelWhereItsLockIs() throws Exception {
    Gate gate = new Gate();
    RecordingHandler first =
        new RecordingHandler(
            message -> {
              gate.pass();
              return Handled.nothing();
            });
    RecordingHandler second = RecordingHandler.instant();
    String manifest = QuickManifest.calm().text();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        TestWorker w1 = TestWorker.start(manifest, "w1", first, redis.url())) {
      traffic.publish("in", "c");
      await().until(() -> gate.reached() == 1);
      try (TestWorker w2 = TestWorker.start(manifest, "w2", second, redis.url())) {
        IntStream.range(1, 60).forEach(i -> traffic.publish("in", "c"));

        await().until(() -> pendingOf(traffic, "w1") == 60);
        await().until(() -> handedOver(w2) > 0);
        gate.open();
        await().until(() -> first.finished().size() == 60);
        await().until(() -> traffic.pending("in", "g") == 0);

        assertThat(second.started()).isEmpty();
        assertThat(first.overlaps()).isEmpty();
        assertThat(handedOver(w1)).isZero();
      }
    }
  }

  /** The notice is lost: the worker finds the entries when it renews its own. */
  @Test
  void findsEntriesHandedOverWithoutANotice() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    // No sweep but the first one can find the entries.
    String manifest =
        QuickManifest.calm()
            .with("autoclaim", "{interval: 1h, minIdle: 1500ms, maxDeliveries: 10}")
            .text();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url())) {
      traffic.publish("in", "c");
      await().until(() -> handler.finished().size() == 1 && traffic.pending("in", "g") == 0);

      // One step, or the worker would read them itself.
      traffic
          .redis()
          .eval(
              """
              for n = 100, 149 do
                local id = redis.call('XADD', KEYS[1], '*', 'data', '{"channel_id":"c","n":' .. n .. '}')
                redis.call('XREADGROUP', 'GROUP', 'g', 'ghost', 'STREAMS', KEYS[1], '>')
                redis.call('XCLAIM', KEYS[1], 'g', 'w1', 0, id, 'JUSTID')
              end
              return redis.status_reply('OK')
              """,
              io.lettuce.core.ScriptOutputType.STATUS,
              "in");

      await().until(() -> handler.finished().size() == 51 && traffic.pending("in", "g") == 0);
      assertThat(handler.numbers("c").subList(1, 51))
          .containsExactlyElementsOf(LongStream.range(100, 150).boxed().toList());
      assertThat(worker.metric("streamfleet_entries_claimed_total", "stream", "in", "group", "g"))
          .isZero();
    }
  }

  @Test
  void waitsForTheLockOfADeadHolderAndGoesOnInOrder() throws Exception {
    List<String> holders = new CopyOnWriteArrayList<>();
    String manifest = QuickManifest.calm().text();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      RecordingHandler handler =
          new RecordingHandler(
              message -> {
                if (message.channel().equals("c")) {
                  holders.add(traffic.holder(LOCK));
                }
                return Handled.nothing();
              });
      traffic.redis().set(LOCK, Traffic.text("dead/1"));
      try (TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url());
          TestWorker other = TestWorker.start(manifest, "w2", handler, redis.url())) {
        IntStream.range(0, 40).forEach(i -> traffic.publish("in", "c"));
        traffic.publish("in", "free");
        await().until(() -> handler.numbers("free").size() == 1);
        await().until(() -> parked(worker) + parked(other) == 40);
        assertThat(handler.numbers("c")).isEmpty();
        traffic.redis().pexpire(LOCK, 300);

        await().until(() -> handler.numbers("c").size() == 40);
        assertThat(handler.overlaps()).isEmpty();
        assertThat(holders).filteredOn(holder -> holder.startsWith("dead/")).isEmpty();
        await().until(() -> traffic.pending("in", "g") == 0);
      }
      assertThat(traffic.redis().keys("sg:lock:*")).isEmpty();
    }
  }

  /**
   * One lane may have entries of several streams. Those of the second stream are on their way to
   * the holder when the first stream's are delivered: they are not ours any more, even if the
   * holder gives the lock up that moment.
   */
  @Test
  void handlesNothingThatItHandedOverFromSeveralStreams() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    String manifest =
        QuickManifest.calm()
            .with("inbound", "{streams: [in, more], group: g, handler: {builtin: Discard}}")
            .text();
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      Map<String, String> lockOf = new HashMap<>();
      for (int i = 0; i < 60; i++) {
        String lock = "sg:lock:channel:c" + i;
        traffic.redis().set(lock, Traffic.text("foreign"));
        lockOf.put("in " + traffic.publish("in", "c" + i), lock);
        lockOf.put("more " + traffic.publish("more", "c" + i), lock);
      }
      try (TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url());
          GhostHolder ghost = new GhostHolder(redis.url(), "in", "more")) {
        await().until(() -> parked(worker) == 120);
        for (String stream : List.of("in", "more")) {
          traffic.redis().xgroupCreateconsumer(stream, Consumer.from("g", "ghost"));
        }
        ghost.releaseWhenGiven(
            given -> traffic.redis().del(Objects.requireNonNull(lockOf.get(given))));
        Set.copyOf(lockOf.values())
            .forEach(lock -> traffic.redis().set(lock, Traffic.text("ghost/1")));

        await()
            .until(
                () ->
                    pendingIds(traffic, "in", "w1").isEmpty()
                        && pendingIds(traffic, "more", "w1").isEmpty());
        assertThat(worker.drain()).isTrue();
        List<String> given = new ArrayList<>();
        for (String stream : List.of("in", "more")) {
          pendingIds(traffic, stream, "ghost").forEach(id -> given.add(stream + " " + id));
        }
        assertThat(given).hasSizeGreaterThan(60);
        assertThat(handler.started())
            .extracting(call -> call.stream() + " " + call.id())
            .doesNotContainAnyElementsOf(given);
      }
    }
  }

  private static List<String> pendingIds(Traffic traffic, String stream, String consumer) {
    return traffic
        .redis()
        .xpending(
            stream,
            Consumer.from("g", consumer),
            Range.unbounded(),
            io.lettuce.core.Limit.from(1_000))
        .stream()
        .map(io.lettuce.core.models.stream.PendingMessage::getId)
        .toList();
  }

  private static int pendingOf(Traffic traffic, String consumer) {
    return pendingOf(traffic, "in", consumer);
  }

  private static int pendingOf(Traffic traffic, String stream, String consumer) {
    return pendingIds(traffic, stream, consumer).size();
  }

  private static double handedOver(TestWorker worker) {
    return worker.metric("streamfleet_handed_over_total", "stream", "in", "group", "g");
  }

  private static double parked(TestWorker worker) {
    return worker.metric("streamfleet_parked", "loop", "inbound");
  }
}
