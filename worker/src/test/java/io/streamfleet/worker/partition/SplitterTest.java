package io.streamfleet.worker.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SplitterTest {

  private static final Partitions FOUR = new Partitions("in", 4);

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
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
      PartitionAppender appender =
          new PartitionAppender(link, new Partitions("in", 1), new HeaderScan("channel_id"), 0);
      WholeEntry first = entry("1-0");
      WholeEntry second = entry("2-0");
      assertThat(appender.append(List.of(first)).join()).isTrue();
      traffic.redis().del("in:{0}");

      assertThat(appender.append(List.of(second)).join()).isFalse();
      assertThat(traffic.redis().exists("in:{0}")).isZero();

      appender.begin();
      assertThat(appender.append(List.of(first, second)).join()).isTrue();
      assertThat(appender.append(List.of(first, second)).join()).isTrue();
      assertThat(traffic.redis().xlen("in:{0}")).isEqualTo(2);
    }
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
          traffic
              .redis()
              .xadd(
                  "in",
                  Map.of(
                      "data",
                      "{\"channel_id\":\"%s\"}".formatted(channel).getBytes(UTF_8),
                      "more",
                      Traffic.text("x")));
      expected.computeIfAbsent(FOUR.of(channel), p -> new ArrayList<>()).add(id);
    }
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
      Duration term = Duration.ofSeconds(2);
      Link link = connector.connect();
      this.splitter =
          new Splitter(
              link,
              connector.connect(),
              "in",
              new Leases(link, p -> "in", "split", name, UUID.randomUUID(), term),
              new PartitionAppender(link, FOUR, new HeaderScan("channel_id"), 0),
              term,
              System::nanoTime,
              new SplittableRandom(1));
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
