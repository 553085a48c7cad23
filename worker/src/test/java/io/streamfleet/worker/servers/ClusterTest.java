package io.streamfleet.worker.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.streamfleet.embedded.RedisCluster;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.partition.Partitions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cluster, with the stream, the locks, the letters and the traces on different nodes. */
class ClusterTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379", cluster: true}
      inbound: {streams: [in], group: g, ordering: {lockTtl: 1s}, handler: {builtin: Discard}}
      retry: {maxAttempts: 2, initialBackoff: 10ms, maxBackoff: 50ms}
      autoclaim: {interval: 300ms, minIdle: 2s}
      read: {block: 200ms, batchSize: 10, maxInFlight: 30}
      deadLetter: {stream: dlq}
      workers: {drainTimeout: 5s}
      """;

  private final RedisCluster cluster = RedisCluster.start();
  private final RedisClusterClient client =
      RedisClusterClient.create(RedisURI.create(cluster.url()));
  private final RedisAdvancedClusterCommands<String, byte[]> redis =
      client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)).sync();
  private final PayloadWriter writer = new PayloadWriter();

  @AfterEach
  void close() {
    client.shutdown();
    cluster.close();
  }

  private TestWorker worker(String name, RecordingHandler handler) throws Exception {
    return worker(MANIFEST, name, handler);
  }

  private TestWorker worker(String manifest, String name, RecordingHandler handler)
      throws Exception {
    RedisSettings settings =
        new RedisSettings(
            cluster.url(),
            true,
            false,
            Duration.ofSeconds(5),
            () -> Credentials.NONE,
            true,
            "test");
    return TestWorker.start(manifest, name, handler, settings);
  }

  private void publish(String channel, int n) {
    publish("in", channel, n);
  }

  private void publish(String stream, String channel, int n) {
    redis.xadd(
        stream,
        Map.of(
            "data",
            writer.write(Map.of("channel_id", channel, "n", n)),
            "trace_id",
            ("t" + n).getBytes(StandardCharsets.UTF_8)));
  }

  private long pending() {
    return redis.xpending("in", "g").getCount();
  }

  /** Dead letters and answers are in other slots than their partition: they are written before. */
  @Test
  void twoWorkersShareThePartitionsOfAStreamOnAllNodes() throws Exception {
    Partitions partitions = new Partitions("in", 8);
    String manifest =
        MANIFEST.replace(
            "ordering: {lockTtl: 1s}", "partitions: {count: 8}, ordering: {lockTtl: 20s}");
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.channel().equals("c5")) {
                throw new PermanentFailure("no");
              }
              return message.channel().equals("c6")
                  ? Handled.emitting(new OutboundMessage("chat", Map.of("n", 1)))
                  : Handled.nothing();
            });
    try (TestWorker one = worker(manifest, "w1", handler);
        TestWorker two = worker(manifest, "w2", handler)) {
      for (int i = 0; i < 700; i++) {
        String channel = "c" + i % 7;
        publish(partitions.streamOf(partitions.of(channel)), channel, i);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  handler.finished().size() >= 600
                      && redis.xlen("dlq") >= 100
                      && partitions.streams().stream()
                          .allMatch(it -> redis.xpending(it, "g").getCount() == 0));

      assertThat(handler.overlaps()).isEmpty();
      for (int c = 0; c < 7; c++) {
        assertThat(handler.numbers("c" + c)).isSorted();
      }
      assertThat(redis.xlen("dlq")).isEqualTo(100);
      assertThat(redis.xlen("sg:stream:outbound:chat")).isEqualTo(100);
      assertThat(one.drain()).isTrue();
      assertThat(two.drain()).isTrue();
    }
    assertThat(partitions.streams())
        .allSatisfy(it -> assertThat(redis.xinfoConsumers(it, "g")).isEmpty());
  }

  @Test
  void oneWorkerSplitsAStreamOverThePartitionsOnAllNodes() throws Exception {
    Partitions partitions = new Partitions("in", 8);
    String manifest =
        MANIFEST.replace(
            "ordering: {lockTtl: 1s}",
            "partitions: {count: 8, from: Splitter}, ordering: {lockTtl: 20s}");
    RecordingHandler handler = RecordingHandler.instant();
    try (TestWorker one = worker(manifest, "w1", handler);
        TestWorker two = worker(manifest, "w2", handler)) {
      for (int i = 0; i < 350; i++) {
        publish("c" + i % 7, i);
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> handler.finished().size() > 100);
      (splits(one) ? one : two).drain();
      for (int i = 350; i < 700; i++) {
        publish("c" + i % 7, i);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  handler.finished().size() == 700
                      && pending() == 0
                      && partitions.streams().stream()
                          .allMatch(it -> redis.xpending(it, "g").getCount() == 0));
    }
    for (int c = 0; c < 7; c++) {
      assertThat(handler.numbers("c" + c)).hasSize(100).isSorted();
    }
  }

  private static boolean splits(TestWorker worker) {
    return worker.metric("streamfleet_splitter_active", "stream", "in", "group", "g") == 1;
  }

  @Test
  void twoWorkersKeepTheOrderOfChannelsWhoseLocksAreOnAllNodes() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.channel().equals("c5")) {
                throw new PermanentFailure("no");
              }
              return message.channel().equals("c6")
                  ? Handled.emitting(
                      new OutboundMessage("chat", Map.of("n", 1)),
                      new OutboundMessage("mail", Map.of("n", 2)))
                  : Handled.nothing();
            });
    assertThat(List.of("in", "dlq", "sg:lock:channel:c1", "sg:lock:channel:c2", "sg:trace:t1"))
        .as("keys in different slots")
        .extracting(SlotHash::getSlot)
        .doesNotHaveDuplicates();
    try (TestWorker one = worker("w1", handler);
        TestWorker two = worker("w2", handler)) {
      for (int i = 0; i < 700; i++) {
        publish("c" + i % 7, i);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> handler.finished().size() >= 600 && pending() == 0);

      assertThat(handler.overlaps()).isEmpty();
      assertThat(handler.finished().stream().map(RecordingHandler.Call::id).distinct())
          .hasSize(600);
      assertThat(redis.xlen("dlq")).isEqualTo(100);
      assertThat(redis.xlen("sg:stream:outbound:chat")).isEqualTo(100);
      assertThat(redis.xlen("sg:stream:outbound:mail")).isEqualTo(100);
      assertThat(redis.xrange("dlq", Range.unbounded()).getFirst().getBody())
          .containsKeys("original_msg_id", "reason", "failed_at", "data");
      // Best effort: one may be missing, as the guarantees say.
      await().until(() -> completedTraces() >= 100);
      assertThat(one.drain()).isTrue();
      assertThat(two.drain()).isTrue();
    }
    assertThat(redis.xinfoConsumers("in", "g")).isEmpty();
    assertThat(redis.keys("sg:lock:*")).isEmpty();
  }

  @Test
  void aLetterInAnotherSlotHasNoMoreFieldsThanAReplayCanAppend() throws Exception {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    for (int i = 0; i < 20_000; i++) {
      fields.put("f" + i, new byte[] {'v'});
    }
    fields.put("ts", new byte[] {'1'});
    try (TestWorker worker = worker("w1", RecordingHandler.instant())) {
      redis.xadd("in", fields);
      await().until(() -> redis.xlen("dlq") == 1 && pending() == 0);

      Map<String, byte[]> letter = redis.xrange("dlq", Range.unbounded()).getFirst().getBody();
      assertThat(letter).containsKeys("field.f0", "field.f3899").hasSize(11 + 3_900 + 1);
      assertThat(letter.get("fields_left_out")).asString().isEqualTo("16100");
      assertThat(letter.get("ts")).asString().isEqualTo("1");
      assertThat(worker.ready()).isTrue();
    }
  }

  @Test
  void workOfAChannelGathersWhereItsLockIs() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    RecordingHandler first =
        new RecordingHandler(
            message -> {
              mayEnd.await();
              return Handled.nothing();
            });
    RecordingHandler second = RecordingHandler.instant();
    try (TestWorker one = worker("w1", first)) {
      publish("c", 0);
      await().until(() -> first.started().size() == 1);
      try (TestWorker two = worker("w2", second)) {
        for (int i = 1; i < 20; i++) {
          publish("c", i);
        }
        await()
            .atMost(Duration.ofSeconds(15))
            .until(
                () ->
                    redis
                            .xpending(
                                "in",
                                Consumer.from("g", "w1"),
                                Range.unbounded(),
                                io.lettuce.core.Limit.from(100))
                            .size()
                        == 20);
        mayEnd.countDown();
        await().atMost(Duration.ofSeconds(15)).until(() -> pending() == 0);
        assertThat(first.finished()).hasSize(20);
        assertThat(second.started()).isEmpty();
        assertThat(two.ready()).isTrue();
      }
      assertThat(one.ready()).isTrue();
    }
  }

  @Test
  @SuppressWarnings("unchecked") // an array of one kind of offsets
  void entriesOfADeadConsumerAreClaimed() throws Exception {
    redis.xgroupCreate(
        XReadArgs.StreamOffset.from("in", "0"),
        "g",
        io.lettuce.core.XGroupCreateArgs.Builder.mkstream());
    for (int i = 0; i < 10; i++) {
      publish("c" + i, i);
    }
    redis.xreadgroup(Consumer.from("g", "ghost"), XReadArgs.StreamOffset.lastConsumed("in"));
    RecordingHandler handler = RecordingHandler.instant();
    try (TestWorker worker = worker("w1", handler)) {
      await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> handler.finished().size() == 10 && pending() == 0);
      assertThat(handler.finished()).allMatch(call -> call.attempt() == 2);
      assertThat(worker.ready()).isTrue();
    }
  }

  private int completedTraces() {
    int completed = 0;
    for (int i = 0; i < 700; i++) {
      byte[] state = redis.hget("sg:trace:t" + i, "state");
      if (state != null && new String(state, StandardCharsets.UTF_8).equals("COMPLETED")) {
        completed++;
      }
    }
    return completed;
  }

  @Test
  void whatAllGroupsHaveAcknowledgedIsTrimmedOnTheStreamsOwnNode() throws Exception {
    cluster.nodes().forEach(ClusterTest::smallNodes);
    RecordingHandler handler = RecordingHandler.instant();
    try (TestWorker worker =
        worker(
            MANIFEST.replace("group: g,", "group: g, retention: Acknowledged,"), "w1", handler)) {
      for (int n = 0; n < 100; n++) {
        publish("c" + n % 5, n);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  handler.finished().size() == 100
                      && worker.metric("streamfleet_entries_trimmed_total", "stream", "in") >= 90);
      assertThat(redis.xlen("in")).isLessThanOrEqualTo(10);
      assertThat(redis.exists("dlq")).isZero();
    }
  }

  /** So that trimming, which removes whole nodes of a stream, shows with few entries. */
  private static void smallNodes(RedisServer server) {
    try (RedisClient direct = RedisClient.create(server.url())) {
      direct.connect().sync().configSet("stream-node-max-entries", "10");
    }
  }
}
