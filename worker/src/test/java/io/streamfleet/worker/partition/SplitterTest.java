package io.streamfleet.worker.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SplitterTest {

  private static final Partitions FOUR = new Partitions("in", 4);

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final CollectorRegistry registry = new CollectorRegistry();
  private final WorkerMetrics metrics = new WorkerMetrics(registry, "test");
  private final List<Running> splitters = new ArrayList<>();

  /** What is to be in each partition. */
  private final Map<Integer, List<String>> expected = new TreeMap<>();

  @BeforeEach
  void create() {
    traffic
        .redis()
        .xgroupCreate(StreamOffset.from("in", "0"), "split", XGroupCreateArgs.Builder.mkstream());
  }

  @AfterEach
  void stop() throws Exception {
    for (Running splitter : splitters) {
      splitter.stop();
    }
    traffic.close();
    redis.close();
  }

  @Test
  void movesEachEntryWithAllItsFieldsToItsPartitionInOrder() {
    publish(300);
    new Running("a");
    new Running("b");
    publish(300);

    await().untilAsserted(this::allIsSplit);
    assertThat(inPartition(FOUR.of("channel-0")).getFirst().getBody())
        .containsOnlyKeys("data", "more");
  }

  @Test
  void anotherGoesOnWhereADeadOneWas() throws Exception {
    Running a = new Running("a");
    publish(300);
    await().until(() -> traffic.redis().exists(FOUR.streamOf(0)) == 1);
    a.die();
    publish(300);

    new Running("b");

    await().untilAsserted(this::allIsSplit);
  }

  @Test
  void givesTheLeaseUpAtItsEnd() throws Exception {
    Running a = new Running("a");
    publish(10);
    await().untilAsserted(this::allIsSplit);

    a.stop();

    assertThat(traffic.redis().hget("in:lease:split", "token")).isEmpty();
  }

  @Test
  void entriesWithoutAReadableChannelGoToTheFirstPartition() {
    String id = traffic.redis().xadd("in", Map.of("data", "{broken".getBytes(UTF_8)));
    expected.computeIfAbsent(0, p -> new ArrayList<>()).add(id);

    new Running("a");

    await().untilAsserted(this::allIsSplit);
  }

  @Test
  void aPartitionThatForgotAnEntryTakesNoneAfterIt() {
    try (RedisConnector connector = connector();
        Link link = connector.connect()) {
      WholeEntry first = entry("1-0");
      WholeEntry second = entry("2-0");
      PartitionAppender appender = appender(link);
      assertThat(appender.append(List.of(first)).join()).isTrue();
      traffic.redis().del("in:{0}");

      assertThat(appender.append(List.of(second)).join()).isFalse();
      assertThat(traffic.redis().exists("in:{0}")).isZero();

      appender = appender(link);
      assertThat(appender.append(List.of(first, second)).join()).isTrue();
      assertThat(appender.append(List.of(first, second)).join()).isTrue();
      assertThat(traffic.redis().xlen("in:{0}")).isEqualTo(2);
      assertThat(split()).isEqualTo(3);
    }
  }

  /** As a tool does that replays a message into a partition. */
  @Test
  void whatAnotherPublisherHasOvertakenIsAppendedAllTheSame() {
    try (RedisConnector connector = connector();
        Link link = connector.connect()) {
      PartitionAppender appender = appender(link);
      assertThat(appender.append(List.of(entry("1-0"))).join()).isTrue();
      traffic.redis().xadd("in:{0}", XAddArgs.Builder.maxlen(1).id("9-0"), "data", new byte[0]);

      assertThat(appender.append(List.of(entry("2-0"), entry("3-0"))).join()).isTrue();

      assertThat(traffic.redis().xlen("in:{0}")).isEqualTo(3);
      assertThat(split()).isEqualTo(3);
    }
  }

  /** It was handled and trimmed away after a splitter appended it that died. */
  @Test
  void whatAnEarlierSplitterAppendedIsNotAppendedAgain() {
    try (RedisConnector connector = connector();
        Link link = connector.connect()) {
      assertThat(appender(link).append(List.of(entry("1-0"), entry("2-0"))).join()).isTrue();
      traffic.redis().xtrim("in:{0}", 1);

      assertThat(appender(link).append(List.of(entry("1-0"), entry("2-0"))).join()).isTrue();
      traffic.redis().xtrim("in:{0}", 0);
      assertThat(appender(link).append(List.of(entry("1-0"), entry("2-0"))).join()).isTrue();

      assertThat(traffic.redis().xlen("in:{0}")).isZero();
    }
  }

  @Test
  void messagesOfAnySizeAndWithAnyNumberOfFieldsAreMoved() {
    byte[] large = new byte[3 << 20];
    Map<String, byte[]> wide = new LinkedHashMap<>();
    wide.put("data", payload("channel-0"));
    for (int i = 0; i < 3_000; i++) {
      wide.put("field" + i, new byte[1]);
    }
    publish(40);
    for (int i = 0; i < 8; i++) {
      note(
          "channel-0",
          traffic.redis().xadd("in", Map.of("data", payload("channel-0"), "x", large)));
    }
    note("channel-0", traffic.redis().xadd("in", wide));
    publish(10);

    new Running("a");

    await().untilAsserted(this::allIsSplit);
    List<StreamMessage<String, byte[]>> moved = inPartition(FOUR.of("channel-0"));
    assertThat(moved.stream().filter(it -> it.getBody().containsKey("x")))
        .hasSize(8)
        .allSatisfy(it -> assertThat(it.getBody().get("x")).hasSize(large.length));
    assertThat(moved.stream().filter(it -> it.getBody().size() > 1_000))
        .singleElement()
        .satisfies(it -> assertThat(it.getBody()).containsKey("data"));
  }

  /** It was read by a splitter that died, and trimmed away by a publisher. */
  @Test
  @SuppressWarnings("unchecked") // an array of StreamOffset<String>
  void whatIsTrimmedBeforeItIsMovedIsCounted() {
    publish(3);
    traffic.redis().xreadgroup(Consumer.from("split", "dead"), StreamOffset.lastConsumed("in"));
    traffic.redis().xtrim("in", 0);
    expected.clear();
    publish(20);

    new Running("a");

    await().untilAsserted(this::allIsSplit);
    assertThat(
            registry.getSampleValue(
                "streamfleet_entries_claimed_deleted_total",
                new String[] {"stream", "group"},
                new String[] {"in", "split"}))
        .isEqualTo(3);
  }

  /** Everything in it is new then, and so are the partitions. */
  @Test
  void goesOnWithARedisThatHasForgottenEverything() {
    new Running("a");
    publish(100);
    await().untilAsserted(this::allIsSplit);

    traffic.redis().flushall();
    expected.clear();
    publish(100);

    await().untilAsserted(this::allIsSplit);
  }

  private PartitionAppender appender(Link link) {
    return new PartitionAppender(link, source("a", new Partitions("in", 1)), metrics.partitions());
  }

  private @Nullable Double split() {
    return registry.getSampleValue(
        "streamfleet_entries_split_total",
        new String[] {"stream", "group"},
        new String[] {"in", "split"});
  }

  private static SplitSource source(String name, Partitions partitions) {
    return new SplitSource(
        new StreamConsumer(Direction.INBOUND, "in", "split", name),
        partitions,
        "Beginning",
        new HeaderScan("channel_id"),
        Duration.ofSeconds(2));
  }

  private static WholeEntry entry(String id) {
    return new WholeEntry(
        EntryId.parse(id),
        List.of("data".getBytes(UTF_8), "{\"channel_id\":\"c\"}".getBytes(UTF_8)));
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      String channel = "channel-" + i % 20;
      String id =
          traffic.redis().xadd("in", Map.of("data", payload(channel), "more", Traffic.text("x")));
      note(channel, id);
    }
  }

  private static byte[] payload(String channel) {
    return "{\"channel_id\":\"%s\"}".formatted(channel).getBytes(UTF_8);
  }

  private void note(String channel, String id) {
    expected.computeIfAbsent(FOUR.of(channel), p -> new ArrayList<>()).add(id);
  }

  private void allIsSplit() {
    for (int partition = 0; partition < FOUR.count(); partition++) {
      assertThat(inPartition(partition))
          .extracting(StreamMessage::getId)
          .isEqualTo(expected.getOrDefault(partition, List.of()));
    }
    assertThat(traffic.redis().xpending("in", "split").getCount()).isZero();
  }

  private List<StreamMessage<String, byte[]>> inPartition(int partition) {
    return traffic.redis().xrange(FOUR.streamOf(partition), Range.unbounded());
  }

  private RedisConnector connector() {
    return RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  }

  /** A splitter on a thread of its own. */
  private final class Running {

    private final RedisConnector connector = connector();
    private final Splitter splitter;
    private final Thread thread;

    Running(String name) {
      this.splitter =
          new Splitter(
              connector, source(name, FOUR), metrics, System::nanoTime, new SplittableRandom(1));
      this.thread = Thread.ofVirtual().start(splitter);
      splitters.add(this);
    }

    /** Its connections are gone in the middle of its work, and its lease stays. */
    void die() throws InterruptedException {
      connector.close();
      stop();
    }

    void stop() throws InterruptedException {
      splitter.stop();
      assertThat(thread.join(Duration.ofMillis(TimeUnit.SECONDS.toMillis(10)))).isTrue();
      connector.close();
    }
  }
}
