package io.streamfleet.worker.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.KillArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.EntriesOutput;
import io.streamfleet.worker.read.Room;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the owner of a partition reads and settles it, on a real Redis. */
class PartitionReaderTest {

  private static final String STREAM = "in:{0}";
  private static final long ROOM = 1024 * 1024;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(10));
  private final Link commands = connector.connect();
  private final Link waiting = connector.connect();
  private final Link reading = connector.connectOnce();
  private final Leases a = leases("a");
  private final Leases b = leases("b");
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger losses = new AtomicInteger();
  private final List<EntryId> settled = new CopyOnWriteArrayList<>();
  private final Noted arrivals = new Noted();
  private final EventLoop loop =
      new EventLoop("reader", System::nanoTime, this::turn, failure -> events.add("" + failure));
  private final Credits credits = new Credits(100, new Room(ROOM, 1).share(() -> {}));
  private PartitionReads reads;
  private PartitionReader reader;
  private SettlementCalls settlements;
  private PartitionSettlements acknowledger;
  private Grant grant;

  @BeforeEach
  void create() {
    traffic
        .redis()
        .xgroupCreate(StreamOffset.from(STREAM, "0"), "g", XGroupCreateArgs.Builder.mkstream());
    grant = a(a);
    HeldPartition owned = new HeldPartition(0, STREAM, grant, true, losses::incrementAndGet);
    StreamConsumer stream = new StreamConsumer(Direction.INBOUND, STREAM, "g", "a");
    acknowledger = new PartitionSettlements(loop, a.calls(), owned, settled::addAll);
    settlements =
        new SettlementCalls(
            loop, a.calls(), new Persistent(loop, new SplittableRandom(1), (what, failure) -> {}));
    settlements.add(acknowledger);
    reads = new PartitionReads(loop, a.calls(), reading, () -> 10, credits);
    reader =
        new PartitionReader(
            loop,
            a.calls(),
            new ArrivalWait(loop, waiting, commands, Duration.ofSeconds(5)),
            owned,
            new BatchDecoder(stream, new HeaderScan("channel_id"), 3, ROOM, System::nanoTime),
            new SplittableRandom(1));
    reads.add(reader);
  }

  @AfterEach
  void stop() throws Exception {
    loop.stop(Duration.ofSeconds(1));
    connector.close();
    traffic.close();
    redis.close();
  }

  @Test
  void bringsAllThatIsPendingBeforeAnythingNew() {
    String first = publish();
    String second = publish();
    deliverTo("dead", 2);
    String third = publish();

    start();

    await().until(() -> events.size() == 3);
    assertThat(events)
        .containsExactly(
            "pending from another " + first, "pending from another " + second, "new " + third);
    assertThat(traffic.redis().xpending(STREAM, "g").getConsumerMessageCount())
        .containsOnly(Map.entry("a", 3L));
  }

  @Test
  void hearsOfNewEntriesWithoutAsking() {
    start();
    await().until(() -> waits());

    String id = publish();

    await().untilAsserted(() -> assertThat(events).containsExactly("new " + id));
  }

  /** The worst of it: a wait that its owner left at the server would take an entry away. */
  @Test
  void aWaitOfWhoLostTheLeaseTakesNothingFromTheOwner() {
    start();
    await().until(() -> waits());
    traffic.redis().hset(a.keyOf(0), "until", Traffic.text("1"));
    Grant next = a(b);

    String id = publish();

    await().until(() -> losses.get() == 1);
    assertThat(events).isEmpty();
    b.calls().take(0, next, "-", 1).join();
    EntriesOutput output = new EntriesOutput(credits.room());
    assertThat(b.calls().read(reading, output, List.of(b.calls().fenced(0, next, 1)), 10).join())
        .singleElement()
        .satisfies(entry -> assertThat(entry.id()).hasToString(id));
  }

  /**
   * Nobody knows whether it delivered anything, so it is not sent again, and what is pending comes.
   */
  @Test
  void looksAtWhatIsPendingAgainWhenAReadBreaksOff() {
    start();
    String first = publish();
    await().until(() -> events.size() == 1 && waits());
    loop.execute(() -> credits.taken(100));
    String second = publish();
    client("PAUSE", "30000", "WRITE");
    loop.execute(() -> credits.gone(100));
    await().until(() -> heldUp().findFirst().isPresent());

    heldUp().forEach(id -> traffic.redis().clientKill(KillArgs.Builder.id(id)));
    client("UNPAUSE");

    await().until(() -> events.contains("new " + second));
    assertThat(events).contains("pending " + first);
    assertThat(traffic.redis().xpending(STREAM, "g").getCount()).isEqualTo(2);
  }

  private void client(String... what) {
    CommandArgs<String, byte[]> args = Link.args();
    List.of(what).forEach(args::add);
    traffic.redis().dispatch(CommandType.CLIENT, new StatusOutput<>(Link.CODEC), args);
  }

  /** The connections with a read that Redis holds up. */
  private Stream<Long> heldUp() {
    return traffic
        .redis()
        .clientList()
        .lines()
        .filter(line -> line.matches(".* flags=\\S*b\\S* .* cmd=xreadgroup .*"))
        .map(line -> Long.valueOf(line.replaceAll("^id=(\\d+) .*$", "$1")));
  }

  /** A failover to a server that lacks the last read: the entry is delivered again. */
  @Test
  void isLostWhenAnEntryIsSettledThatRedisHasForgottenToHaveDelivered() {
    start();
    String id = publish();
    await().until(() -> events.size() == 1 && waits());
    traffic.redis().xgroupDestroy(STREAM, "g");
    traffic.redis().xgroupCreate(StreamOffset.from(STREAM, "0"), "g");

    loop.execute(() -> handled(id));

    await().until(() -> losses.get() == 1);
    assertThat(settled).isEmpty();
  }

  @Test
  void leavesOutWhatThereIsNoRoomFor() {
    Map<String, byte[]> large = Map.of("data", ("\"" + "x".repeat(400_000) + "\"").getBytes(UTF_8));
    for (int i = 0; i < 4; i++) {
      traffic.redis().xadd(STREAM, large);
    }

    start();

    await().until(() -> credits.inFlight() > 0);
    assertThat(events).anyMatch(event -> event.startsWith("left out "));
    assertThat(traffic.redis().xpending(STREAM, "g").getCount()).isGreaterThan(1);
  }

  @Test
  void settlesInTheOrderInWhichEntriesWereHandledOneSettlementAtATime() {
    start();
    String first = publish();
    String second = publish();
    await().until(() -> events.size() == 2);

    loop.execute(() -> handled(first));
    loop.execute(() -> handled(second));

    await().until(() -> settled.size() == 2);
    assertThat(settled).extracting(EntryId::toString).containsExactly(first, second);
    assertThat(traffic.redis().xpending(STREAM, "g").getCount()).isZero();
    assertThat(a.renew(Map.of(0, grant)).join().get(0))
        .satisfies(
            renewed -> assertThat(acknowledger.count().taken()).isEqualTo(renewed.settlements()));
  }

  @Test
  void whoseLeaseIsLostSettlesNothingAndHearsOfIt() {
    start();
    String id = publish();
    await().until(() -> events.size() == 1);
    traffic.redis().hset(a.keyOf(0), "until", Traffic.text("1"));
    a(b);

    loop.execute(() -> handled(id));

    await().until(() -> losses.get() > 0);
    assertThat(settled).isEmpty();
    assertThat(traffic.redis().xpending(STREAM, "g").getCount()).isEqualTo(1);
    assertThat(acknowledger.idle()).isTrue();
  }

  private void start() {
    loop.execute(() -> reader.start(arrivals));
    loop.start();
  }

  private void turn() {
    reader.turn(arrivals);
    reads.turn();
    acknowledger.turn();
    settlements.turn(_ -> true);
  }

  private void handled(String id) {
    acknowledger.add(EntryId.parse(id));
  }

  private boolean waits() {
    return traffic.redis().clientList().contains("cmd=xread ");
  }

  private Leases leases(String consumer) {
    return new Leases(
        commands,
        new Partitions("in", 1)::streamOf,
        "g",
        consumer,
        UUID.randomUUID(),
        Duration.ofMinutes(1));
  }

  private static Grant a(Leases leases) {
    return java.util.Objects.requireNonNull(leases.acquire(List.of(0), 0).join().get(0));
  }

  private String publish() {
    return traffic.publish(STREAM, "c");
  }

  @SuppressWarnings("unchecked") // an array of one
  private void deliverTo(String consumer, int count) {
    traffic
        .redis()
        .xreadgroup(
            Consumer.from("g", consumer),
            XReadArgs.Builder.count(count),
            StreamOffset.lastConsumed(STREAM));
  }

  /** Takes note of what comes, and lets everything come. */
  private final class Noted implements Arrivals {

    @Override
    public void arrived(Batch batch) {
      batch.entries().forEach(entry -> events.add("new " + entry.id()));
      batch.leftOut().forEach(id -> events.add("left out " + id));
    }

    @Override
    public boolean pendingForUs(EntryId id, boolean lifeBefore) {
      events.add("pending " + id);
      return true;
    }

    @Override
    public boolean pendingFromAnother(EntryId id) {
      events.add("pending from another " + id);
      return true;
    }

    @Override
    public void deleted(List<EntryId> ids) {
      ids.forEach(id -> events.add("deleted " + id));
    }

    @Override
    public void looked() {}

    @Override
    public boolean mayLook() {
      return true;
    }

    @Override
    public boolean mayRead() {
      return true;
    }

    @Override
    public void failed(String operation, Throwable failure) {
      events.add(operation + ": " + failure);
    }
  }
}
