package io.streamfleet.worker.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.Manifest;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A stream is trimmed up to the oldest entry that any of its groups needs, and no further. A node
 * of the streams here has ten entries, so nine that nobody needs may stay.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionTest {

  private static final int NODE = 10;

  private static final String INBOUND =
      "{streams: [in], group: g, retention: Acknowledged, handler: {builtin: Discard}}";

  private final RedisServer server =
      RedisServer.builder().config("stream-node-max-entries " + NODE).start();
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(server.url()), Duration.ZERO);
  private final Link link = connector.connect();
  private final Traffic traffic = new Traffic(server.url());
  private final RedisCommands<String, byte[]> redis = traffic.redis();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Trimmer trimmer = trimmer("w1", registry);

  @BeforeEach
  void clear() {
    redis.flushall();
  }

  @AfterAll
  void close() {
    traffic.close();
    connector.close();
    server.close();
  }

  private Trimmer trimmer(String consumer, CollectorRegistry shownIn) {
    // As long as this clock stands still a round has all the time.
    return trimmer(consumer, shownIn, () -> 0);
  }

  private Trimmer trimmer(String consumer, CollectorRegistry shownIn, LongSupplier nanoTime) {
    return new Trimmer(
        Manifest.read(QuickManifest.calm().with("inbound", INBOUND).text()).spec(),
        link,
        List.of(new StreamConsumer(Direction.INBOUND, "in", "g", consumer)),
        new WorkerMetrics(shownIn, "test"),
        nanoTime);
  }

  private void append(int count) {
    redis.eval(
        "for i = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', 'data', 'a') end",
        ScriptOutputType.STATUS,
        new String[] {"in"},
        Traffic.text(String.valueOf(count)));
    redis.xgroupCreate(StreamOffset.from("in", "$"), "g");
  }

  private List<String> publish(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(traffic.publish("in", "c"));
    }
    return ids;
  }

  private void group(String name) {
    redis.xgroupCreate(StreamOffset.from("in", "0"), name, XGroupCreateArgs.Builder.mkstream(true));
  }

  @SuppressWarnings("unchecked") // A generic array, for what takes many streams.
  private List<String> read(String group, int count) {
    return redis
        .xreadgroup(
            Consumer.from(group, "somebody"),
            XReadArgs.Builder.count(count),
            StreamOffset.lastConsumed("in"))
        .stream()
        .map(it -> it.getId())
        .toList();
  }

  private void settle(String group, int count) {
    redis.xack("in", group, read(group, count).toArray(String[]::new));
  }

  private String first() {
    return redis.xrange("in", Range.unbounded(), Limit.from(1)).getFirst().getId();
  }

  private double shown(String metric) {
    return Objects.requireNonNullElse(
        registry.getSampleValue(metric, new String[] {"stream"}, new String[] {"in"}), -1.0);
  }

  private double neededBy(String group) {
    return Objects.requireNonNullElse(
        registry.getSampleValue(
            "streamfleet_retention_oldest_needed_seconds",
            new String[] {"stream", "group"},
            new String[] {"in", group}),
        -1.0);
  }

  private double failures() {
    return Objects.requireNonNullElse(
        registry.getSampleValue(
            "streamfleet_redis_errors_total",
            new String[] {"operation"},
            new String[] {Trimmer.OPERATION}),
        0.0);
  }

  /** Everything from this entry on is there, and not much of what was before it. */
  private void isKeptFrom(List<String> ids, int index) {
    long left = redis.xlen("in");
    assertThat(left).isBetween((long) ids.size() - index, (long) ids.size() - index + NODE);
    assertThat(redis.xrange("in", Range.unbounded()))
        .extracting(it -> it.getId())
        .containsAll(ids.subList(index, ids.size()));
  }

  @Test
  void whatAllGroupsHaveAcknowledgedGoes() {
    group("g");
    List<String> ids = publish(105);
    settle("g", 105);
    double before = shown("streamfleet_entries_trimmed_total");

    trimmer.round();

    isKeptFrom(ids, 104);
    assertThat(shown("streamfleet_entries_trimmed_total") - before)
        .isEqualTo(105.0 - redis.xlen("in"));
    assertThat(neededBy("g")).isZero();
  }

  @Test
  void moreThanOneCallMayRemoveGoesInOneRound() {
    append(25_000);

    trimmer.round();

    assertThat(redis.xlen("in")).isLessThanOrEqualTo(NODE);
  }

  @Test
  void aRoundEndsWhenItsTimeIsOver() {
    append(25_000);
    AtomicLong now = new AtomicLong();

    trimmer("w1", new CollectorRegistry(), () -> now.addAndGet(Trimmer.LONGEST_ROUND.toNanos()))
        .round();

    assertThat(redis.xlen("in")).isBetween(23_000L, 24_500L);
  }

  @Test
  void aNodeWithMoreEntriesThanACallRemovesGoesAsAWhole() {
    redis.configSet("stream-node-max-bytes", "0");
    redis.configSet("stream-node-max-entries", "1500");
    try {
      append(4_000);
    } finally {
      redis.configSet("stream-node-max-bytes", "4096");
      redis.configSet("stream-node-max-entries", String.valueOf(NODE));
    }

    trimmer.round();

    assertThat(redis.xlen("in")).isEqualTo(1_000);
  }

  @Test
  void whatAnotherGroupHasNotReadStays() {
    group("g");
    group("audit");
    List<String> ids = publish(105);
    settle("g", 105);
    settle("audit", 40);

    trimmer.round();

    isKeptFrom(ids, 40);
    assertThat(neededBy("audit")).isNotNegative();
    assertThat(neededBy("g")).as("only who needs the oldest is shown").isEqualTo(-1);
    assertThat(read("audit", 200)).isEqualTo(ids.subList(40, 105));
  }

  @Test
  void whatIsPendingStaysWithAllThatIsBehindIt() {
    group("g");
    List<String> ids = publish(105);
    List<String> delivered = new ArrayList<>(read("g", 105));
    delivered.remove(ids.get(33));
    redis.xack("in", "g", delivered.toArray(String[]::new));

    trimmer.round();

    isKeptFrom(ids, 33);
    redis.xack("in", "g", ids.get(33));
    trimmer.round();
    isKeptFrom(ids, 104);
  }

  @Test
  void aGroupThatHasNeverReadNeedsAll() {
    group("g");
    group("later");
    List<String> ids = publish(55);
    settle("g", 55);

    trimmer.round();

    assertThat(redis.xlen("in")).isEqualTo(55);
    assertThat(first()).isEqualTo(ids.getFirst());
    assertThat(neededBy("later")).isNotNegative();
  }

  @Test
  void aGroupThatIsMadeAfterwardsBeginsBehindWhatWasTrimmed() {
    group("g");
    List<String> ids = publish(105);
    settle("g", 105);
    trimmer.round();

    group("late");

    assertThat(read("late", 200)).isNotEmpty().isSubsetOf(ids.subList(95, 105));
  }

  /** It may have been lost with Redis' data, and is made again from the beginning. */
  @Test
  void withoutTheFleetsOwnGroupNothingIsTrimmed() {
    group("audit");
    publish(55);
    settle("audit", 55);

    trimmer.round();

    assertThat(redis.xlen("in")).isEqualTo(55);
  }

  @Test
  void idsAreComparedAsNumbersHoweverLargeTheyAre() {
    String high = "9-18446744073709551614";
    redis.xadd("in", new XAddArgs().id("1-1"), "data", Traffic.text("a"));
    for (int i = 1; i < 30; i++) {
      redis.xadd("in", new XAddArgs().id("9-" + i), "data", Traffic.text("a"));
    }
    redis.xadd("in", new XAddArgs().id(high), "data", Traffic.text("a"));
    for (int i = 1; i < 30; i++) {
      redis.xadd("in", new XAddArgs().id("10-" + i), "data", Traffic.text("a"));
    }
    redis.xgroupCreate(StreamOffset.from("in", "10-29"), "g");
    redis.xgroupCreate(StreamOffset.from("in", high), "behind");

    trimmer.round();

    assertThat(redis.xrange("in", Range.create(high, high))).hasSize(1);
    assertThat(redis.xlen("in")).isLessThan(60);
  }

  @Test
  void aStreamThatNeverWasIsNoTroubleAndIsNotMade() {
    double before = failures();

    trimmer.round();

    assertThat(redis.keys("*")).isEmpty();
    assertThat(failures()).isEqualTo(before);
  }

  @Test
  void aKeyThatIsNoStreamIsCountedAndLeftAlone() {
    redis.set("in", Traffic.text("mine"));
    double before = failures();

    trimmer.round();

    assertThat(redis.get("in")).isEqualTo(Traffic.text("mine"));
    assertThat(failures()).isEqualTo(before + 1);
  }

  @Test
  void oneWorkerTrimsUntilItIsSilent() {
    Trimmer other = trimmer("w2", new CollectorRegistry());
    group("g");
    publish(55);
    settle("g", 55);
    trimmer.round();
    List<String> ids = publish(55);
    settle("g", 55);
    assertThat(redis.pttl("in:trimmer")).isPositive();

    other.round();
    assertThat(redis.xlen("in")).isGreaterThan(55);
    redis.del("in:trimmer"); // as after its time
    other.round();

    isKeptFrom(ids, 54);
    assertThat(redis.get("in:trimmer")).isEqualTo(Traffic.text("w2"));
  }

  /** It is when its memory is full that it needs the room. */
  @Test
  void aServerWhoseMemoryIsFullIsTrimmed() {
    group("g");
    List<String> ids = publish(105);
    settle("g", 105);
    redis.configSet("maxmemory", "1");
    try {
      trimmer.round();
    } finally {
      redis.configSet("maxmemory", "0");
    }
    isKeptFrom(ids, 104);
  }

  @Test
  void aServerThatTakesNoWritesIsTrimmedOnceItDoes() {
    group("g");
    List<String> ids = publish(105);
    settle("g", 105);
    double before = failures();
    redis.configSet("min-replicas-to-write", "1");
    try {
      trimmer.round();
    } finally {
      redis.configSet("min-replicas-to-write", "0");
    }
    assertThat(redis.xlen("in")).isEqualTo(105);
    assertThat(failures()).isEqualTo(before + 1);

    trimmer.round();

    isKeptFrom(ids, 104);
  }

  @Test
  void withoutTheRightNothingIsTrimmedAndNothingElseIsChanged() {
    group("g");
    List<String> ids = publish(105);
    settle("g", 105);
    double before = failures();
    redis.aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.XTRIM));
    try {
      trimmer.round();
      trimmer.round();
    } finally {
      redis.aclSetuser("default", AclSetuserArgs.Builder.addCommand(CommandType.XTRIM));
    }
    assertThat(redis.xlen("in")).isEqualTo(105);
    assertThat(failures()).isEqualTo(before + 2);

    trimmer.round();

    isKeptFrom(ids, 104);
  }

  @Test
  void aFleetThatRunsTrimsWhatItHasHandledAndLosesNothing() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    String manifest = QuickManifest.calm().with("inbound", INBOUND).text();
    try (TestWorker worker = TestWorker.start(manifest, "w1", handler, server.url())) {
      publish(200);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  handler.finished().size() == 200
                      && worker.metric("streamfleet_entries_trimmed_total", "stream", "in") >= 190);
      assertThat(redis.xlen("in")).isLessThanOrEqualTo(NODE);
      assertThat(redis.exists("dlq")).isZero();
      assertThat(worker.ready()).isTrue();
    }
  }
}
