package io.streamfleet.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Consumer;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.group.AbandonedPartitions;
import io.streamfleet.redis.group.PartitionKeys;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.partition.Settlement.Result;
import io.streamfleet.worker.read.EntriesOutput;
import io.streamfleet.worker.read.Room;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeasesTest {

  private static final Partitions FOUR = new Partitions("in", 4);
  private static final Duration TERM = Duration.ofMinutes(1);

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();
  private final Leases a = leasesOf("a");
  private final Leases b = leasesOf("b");

  @BeforeEach
  void forget() {
    traffic.redis().flushall();
    for (String stream : FOUR.streams()) {
      traffic
          .redis()
          .xgroupCreate(StreamOffset.from(stream, "0"), "g", XGroupCreateArgs.Builder.mkstream());
    }
  }

  @AfterAll
  void stop() {
    link.close();
    connector.close();
    traffic.close();
    redis.close();
  }

  @Test
  void grantsALeaseToOneWorkerOnly() {
    assertThat(get(a.acquire(List.of(0, 1), 0))).containsOnlyKeys(0, 1);

    assertThat(get(b.acquire(List.of(0, 1, 2), 0))).containsOnlyKeys(2);
  }

  @Test
  void grantsALeaseThatWasReleasedAtOnce() {
    Grant first = grant(a, 0);

    get(a.release(Map.of(0, first)));

    assertThat(grant(b, 0).epoch()).isGreaterThan(first.epoch());
  }

  @Test
  void grantsAtOnceWhatTheOperatorReleasesOfAWorkerThatIsGone() {
    Grant gone = grant(a, 0);
    get(a.calls().take(0, gone, "-", 1));
    grant(b, 1);
    Members members = new Members(link, FOUR, "g", TERM);
    members.announce("a").join();
    members.announce("b").join();

    long released =
        new AbandonedPartitions(link, new PartitionKeys("in", "g"))
            .release(List.of("a", "c"), FOUR.streams())
            .join();

    assertThat(released).isEqualTo(1);
    assertThat(members.list().join()).containsExactly("b");
    assertThat(grant(b, 0).epoch()).isGreaterThan(gone.epoch());
    assertThat(get(a.calls().take(0, gone, "-", 2))).isEmpty();
    assertNothingIsReadBy(a, gone, 1);
  }

  @Test
  void grantsALeaseThatRanOut() {
    grant(a, 0);
    runOut(0);

    assertThat(get(b.acquire(List.of(0), 0))).containsOnlyKeys(0);
  }

  @Test
  void grantsTheLeaseOfAnEarlierLifeAtOnceAndEndsWhatWasDoneUnderIt() {
    Grant before = grant(a, 0);
    get(a.calls().take(0, before, "-", 1));

    Grant now = grant(leasesOf("a"), 0);

    assertThat(now.epoch()).isGreaterThan(before.epoch());
    assertNothingIsReadBy(a, before, 1);
  }

  @Test
  void noLeaseLastsLongerThanItsTimeWhenTheClockWentBack() {
    grant(a, 0);
    traffic.redis().hset(b.keyOf(0), "until", Traffic.text("9999999999999"));

    get(b.acquire(List.of(0), 0));

    assertThat(get(a.renew(Map.of(0, holder(0)))).get(0))
        .satisfies(renewed -> assertThat(renewed.left()).isLessThanOrEqualTo(TERM));
  }

  @Test
  void anEpochIsAboveAllThereWereWhateverRedisHasForgotten() {
    Grant before = grant(a, 0);
    traffic.redis().flushall();

    Grant after = grant(b, 0);
    assertThat(after.epoch()).isGreaterThan(before.epoch());

    // A server took over whose clock is behind.
    traffic.redis().flushall();
    assertThat(get(a.acquire(List.of(0), after.epoch() + 1_000_000)).get(0))
        .satisfies(grant -> assertThat(grant.epoch()).isGreaterThan(after.epoch() + 1_000_000));
  }

  @Test
  void renewsWhatIsOursAndTellsWhatRedisCounted() {
    Grant ours = grant(a, 0);
    Grant lost = grant(a, 1);
    runOut(1);
    grant(b, 1);
    EntryId id = append(0, "x");
    read(a, 0, ours);
    get(a.calls().settle(List.of(new Settlement(0, ours, 1, List.of(id)))));
    traffic.redis().hset(a.keyOf(0), "until", Traffic.text("0"));

    Map<Integer, Renewed> renewed = get(a.renew(Map.of(0, ours, 1, lost)));

    assertThat(renewed).containsOnly(Map.entry(0, new Renewed(Duration.ZERO, 1)));
    assertThat(get(b.acquire(List.of(0), 0))).isEmpty();
  }

  @Test
  void onlyTheOwnerReads() {
    Grant before = grant(a, 0);
    get(a.calls().take(0, before, "-", 1));
    runOut(0);
    Grant now = grant(b, 0);
    EntryId first = append(0, "x");
    EntryId second = append(0, "y");

    assertNothingIsReadBy(a, before, 1);
    assertThat(read(b, 0, now)).containsExactly(first, second);
  }

  @Test
  void readsPartitionsTogetherOrNoneOfThem() {
    Map<Integer, Grant> grants = get(a.acquire(List.of(0, 1), 0));
    grants.forEach((partition, grant) -> get(a.calls().take(partition, grant, "-", 1)));
    append(0, "x");
    append(1, "y");
    List<Fenced> both =
        grants.entrySet().stream()
            .map(it -> a.calls().fenced(it.getKey(), it.getValue(), 1))
            .toList();
    traffic.redis().del(both.getLast().fence());

    assertThat(a.calls().read(link, output(), both, 10))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withMessageContaining("'" + both.getLast().fence() + "'");
    assertThat(pending(0)).isZero();
  }

  /** As when it was on its way while its owner, who gave it up, looked at what is pending. */
  @Test
  void aReadThatArrivesAfterTheNextLookDeliversNothing() {
    Grant grant = grant(a, 0);
    get(a.calls().take(0, grant, "-", 1));
    get(a.calls().take(0, grant, "-", 2));
    append(0, "x");

    assertNothingIsReadBy(a, grant, 1);
    assertThat(read(a, 0, grant, 2)).hasSize(1);
  }

  /** A first page that is sent again, late, must not bring back the fence that it replaced. */
  @Test
  void aLookThatArrivesAfterTheNextOneChangesNothing() {
    Grant grant = grant(a, 0);
    get(a.calls().take(0, grant, "-", 1));
    get(a.calls().take(0, grant, "-", 2));
    append(0, "x");

    assertThat(get(a.calls().take(0, grant, "-", 1))).isEmpty();

    assertNothingIsReadBy(a, grant, 1);
    assertThat(read(a, 0, grant, 2)).hasSize(1);
  }

  /** As after a failover: no key of a fence may be left over that nobody would ever remove. */
  @Test
  void everyFenceIsReplacedByTheNext() {
    Grant first = grant(a, 0);
    get(a.calls().take(0, first, "-", 1));
    get(a.calls().take(0, first, "-", 2));
    get(a.release(Map.of(0, first)));
    Grant second = grant(b, 0);
    get(b.calls().take(0, second, "-", 1));

    assertThat(traffic.redis().keys("*fence*"))
        .containsExactly(b.calls().fenced(0, second, 1).fence());
  }

  @Test
  void takesAllThatIsPendingInTheOrderOfTheIdsAndKeepsTheCounts() {
    EntryId first = append(0, "x");
    EntryId second = append(0, "y");
    EntryId third = append(0, "z");
    EntryId unread = append(0, "u");
    deliver(0, "b", 1);
    deliver(0, "a", 1);
    deliver(0, "c", 1);
    Grant grant = grant(a, 0);

    List<Page> pages = get(a.calls().take(0, grant, "-", 1));

    assertThat(pages)
        .containsExactly(
            new Page(List.of(first, second, third), Set.of(first, third), List.of(), "", unread));
    assertThat(traffic.redis().xpending("in:{0}", Consumer.from("g", "a"), all(), limit()))
        .hasSize(3)
        .allMatch(row -> row.getRedeliveryCount() == 1);
    assertThat(get(b.calls().take(0, new Grant("b/x/1", 1), "-", 1))).isEmpty();
  }

  @Test
  void theNamesOfEarlierOwnersGoWithWhatWasPendingForThem() {
    append(0, "x");
    deliver(0, "c", 1);
    deliver(0, "d", 1);
    Grant grant = grant(a, 0);

    get(a.calls().take(0, grant, "-", 1));

    assertThat(new GroupView(traffic, FOUR.streamOf(0), "g").consumers()).containsExactly("a");
  }

  @Test
  void tellsOfPendingEntriesThatTheStreamHoldsNoMore() {
    EntryId gone = append(0, "x");
    EntryId there = append(0, "y");
    deliver(0, "b", 2);
    traffic.redis().xdel("in:{0}", gone.toString());

    assertThat(get(a.calls().take(0, grant(a, 0), "-", 1)))
        .containsExactly(new Page(List.of(there), Set.of(there), List.of(gone), "", there));
    assertThat(traffic.redis().xpending("in:{0}", "g").getCount()).isEqualTo(1);
  }

  @Test
  void settlesEntriesOfManyPartitionsAtOnce() {
    Map<Integer, Grant> grants = get(a.acquire(List.of(0, 1, 2), 0));
    List<Settlement> settlements =
        grants.entrySet().stream()
            .map(
                grant -> {
                  EntryId id = append(grant.getKey(), "x");
                  read(a, grant.getKey(), grant.getValue());
                  return new Settlement(grant.getKey(), grant.getValue(), 1, List.of(id));
                })
            .toList();

    assertThat(get(a.calls().settle(settlements)))
        .containsOnly(
            Map.entry(0, Result.TAKEN), Map.entry(1, Result.TAKEN), Map.entry(2, Result.TAKEN));
    for (int partition = 0; partition < 3; partition++) {
      assertThat(pending(partition)).isZero();
    }
  }

  @Test
  void aLostLeaseCannotSettle() {
    EntryId id = append(0, "x");
    Grant before = grant(a, 0);
    read(a, 0, before);
    runOut(0);
    Grant now = grant(b, 0);

    assertThat(get(a.calls().settle(List.of(new Settlement(0, before, 1, List.of(id))))))
        .containsEntry(0, Result.LOST);
    assertThat(pending(0)).isEqualTo(1);
    assertThat(get(b.calls().settle(List.of(new Settlement(0, now, 1, List.of(id))))))
        .containsEntry(0, Result.TAKEN);
  }

  @Test
  void aSettlementThatIsSentTwiceIsTakenOnce() {
    EntryId id = append(0, "x");
    Grant grant = grant(a, 0);
    read(a, 0, grant);
    Settlement settlement = new Settlement(0, grant, 1, List.of(id));

    assertThat(get(a.calls().settle(List.of(settlement)))).containsEntry(0, Result.TAKEN);
    assertThat(get(a.calls().settle(List.of(settlement)))).containsEntry(0, Result.TAKEN);
    assertThat(get(a.renew(Map.of(0, grant))).get(0))
        .satisfies(renewed -> assertThat(renewed.settlements()).isEqualTo(1));
  }

  /** As after a failover that lost the first one: its entry is pending again, and is older. */
  @Test
  void noSettlementIsTakenWhenTheOneBeforeItIsForgotten() {
    append(0, "x");
    EntryId younger = append(0, "y");
    Grant grant = grant(a, 0);
    read(a, 0, grant);

    assertThat(get(a.calls().settle(List.of(new Settlement(0, grant, 2, List.of(younger))))))
        .containsEntry(0, Result.COUNTED_OTHERWISE);
    assertThat(pending(0)).isEqualTo(2);
  }

  /** As after a failover that lost the read: the entry will be delivered again. */
  @Test
  void noSettlementIsTakenOfAnEntryThatIsNotPending() {
    EntryId id = append(0, "x");
    Grant grant = grant(a, 0);

    assertThat(get(a.calls().settle(List.of(new Settlement(0, grant, 1, List.of(id))))))
        .containsEntry(0, Result.COUNTED_OTHERWISE);
    assertThat(get(a.renew(Map.of(0, grant))).get(0))
        .satisfies(renewed -> assertThat(renewed.settlements()).isZero());
  }

  private Leases leasesOf(String consumer) {
    return new Leases(link, FOUR::streamOf, "g", consumer, UUID.randomUUID(), TERM);
  }

  private static Grant grant(Leases leases, int partition) {
    return java.util.Objects.requireNonNull(
        get(leases.acquire(List.of(partition), 0)).get(partition));
  }

  private Grant holder(int partition) {
    return new Grant(
        new String(
            traffic.redis().hget(a.keyOf(partition), "token"),
            java.nio.charset.StandardCharsets.UTF_8),
        0);
  }

  private void runOut(int partition) {
    traffic.redis().hset(a.keyOf(partition), "until", Traffic.text("1"));
  }

  private EntryId append(int partition, String text) {
    return EntryId.parse(
        traffic.redis().xadd(FOUR.streamOf(partition), Map.of("data", Traffic.text(text))));
  }

  @SuppressWarnings("unchecked") // an array of one
  private void deliver(int partition, String consumer, int count) {
    traffic
        .redis()
        .xreadgroup(
            Consumer.from("g", consumer),
            XReadArgs.Builder.count(count),
            StreamOffset.lastConsumed(FOUR.streamOf(partition)));
  }

  private long pending(int partition) {
    return traffic.redis().xpending(FOUR.streamOf(partition), "g").getCount();
  }

  private static io.lettuce.core.Range<String> all() {
    return io.lettuce.core.Range.unbounded();
  }

  private static io.lettuce.core.Limit limit() {
    return io.lettuce.core.Limit.from(100);
  }

  /** Looks at what is pending, and reads. */
  private List<EntryId> read(Leases leases, int partition, Grant grant) {
    get(leases.calls().take(partition, grant, "-", 1));
    return read(leases, partition, grant, 1);
  }

  private List<EntryId> read(Leases leases, int partition, Grant grant, int looks) {
    return get(
            leases
                .calls()
                .read(link, output(), List.of(leases.calls().fenced(partition, grant, looks)), 10))
        .stream()
        .map(RawEntry::id)
        .toList();
  }

  private void assertNothingIsReadBy(Leases leases, Grant grant, int looks) {
    assertThat(
            leases
                .calls()
                .read(link, output(), List.of(leases.calls().fenced(0, grant, looks)), 10))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withMessageContaining("NOGROUP");
  }

  private static EntriesOutput output() {
    return new EntriesOutput(new Room(1_000_000, 1).share(() -> {}));
  }

  private static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
