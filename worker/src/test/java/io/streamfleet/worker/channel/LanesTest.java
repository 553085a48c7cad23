package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.SetArgs;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.group.LockScope;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.channel.HandOver.Decision;
import io.streamfleet.worker.channel.HandOver.Transfer;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.pending.Parking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lanes with real locks; the test plays the other stations of the pipeline. */
class LanesTest {

  private static final StreamConsumer IN = new StreamConsumer(Direction.INBOUND, "in", "g", "w1");
  private static final StreamConsumer MORE =
      new StreamConsumer(Direction.INBOUND, "more", "g", "w1");
  private static final String LOCK = "lock:c";

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private static final LockToken TOKEN =
      new LockToken("w1", new UUID(0, 0), new LockScope("00000000"), 1);

  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();
  private final Surroundings work = new Surroundings();
  private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
  private final EventLoop loop =
      new EventLoop("lanes", System::nanoTime, () -> lanes().turn(), bugs::add);
  private final LateAnswers locks = new LateAnswers(loop, link);
  private final Lanes lanes =
      new Lanes(
          loop,
          new LockKeys("lock:{channel}", Optional.empty()),
          locks,
          "w1",
          Duration.ofSeconds(20),
          Gate.OPEN,
          work,
          new QuietReport(),
          new Random(1));

  private Lanes lanes() {
    return lanes;
  }

  @BeforeEach
  void start() {
    loop.start();
    loop.execute(lanes::start);
  }

  @AfterEach
  void stop() throws Exception {
    loop.stop(Duration.ofSeconds(1));
    connector.close();
    traffic.close();
    redis.close();
    assertThat(bugs).isEmpty();
  }

  /**
   * The answers about two streams come one after the other; after the first the lane asks for its
   * lock again. The holder has given it up by then, but what the second answer tells of is its own.
   */
  @Test
  void startsNothingThatWasHandedOverWhileItAskedForItsLock() throws Exception {
    traffic.redis().set(LOCK, Traffic.text("w2/token"));
    work.delivery =
        (transfers, answer) -> {
          if (work.deliveries.size() == 1) {
            traffic.redis().del(LOCK);
          }
          answer.answered(transfers.getFirst(), Decision.HANDED_OVER);
        };
    Entry first = entry(IN, "1-0");
    Entry second = entry(MORE, "2-0");

    offer(first, second);
    await().until(() -> work.given.size() == 2);
    Entry third = entry(IN, "3-0");
    offer(third);

    await().until(() -> work.ran.contains(third));
    assertThat(work.ran).containsExactly(third);
  }

  /** It is not known whether a hand-over took place whose reply was lost. */
  @Test
  void checksOwnershipAgainAfterAFailedHandOver() throws Exception {
    traffic.redis().set(LOCK, Traffic.text("w2/token"));
    work.delivery =
        (transfers, answer) -> {
          traffic.redis().del(LOCK);
          answer.failed(transfers.getFirst(), new TimeoutException("no answer"));
        };
    Entry entry = entry(IN, "1-0");

    offer(entry);

    await().until(() -> work.ran.contains(entry));
    assertThat(work.confirmed).containsExactly(entry);
  }

  /**
   * A call whose answer was lost is sent again by the client: the first one may have handed over to
   * a holder that is done with the channel when the second comes.
   */
  @Test
  void checksOwnershipAgainIfTheHolderHasReleasedTheLock() throws Exception {
    traffic.redis().set(LOCK, Traffic.text("w2/token"));
    work.delivery =
        (transfers, answer) -> {
          traffic.redis().del(LOCK);
          answer.answered(transfers.getFirst(), Decision.HOLDER_CHANGED);
        };
    Entry entry = entry(IN, "1-0");

    offer(entry);

    await().until(() -> work.ran.contains(entry));
    assertThat(work.confirmed).containsExactly(entry);
  }

  /** A lane that waited behind a foreign lock may know of a hundred thousand entries. */
  @Test
  void handsOverNoMoreInOneCallThanItsShareAndTheOldestFirst() throws Exception {
    traffic.redis().set(LOCK, Traffic.text("a-python-worker"));
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i <= 1_800; i++) {
      entries.add(entry(i % 3 == 0 ? MORE : IN, i + "-0"));
    }
    offer(entries.subList(0, 1_200).toArray(Entry[]::new));
    await().until(() -> work.parked.size() == 1_200);
    work.delivery =
        (transfers, answer) ->
            transfers.forEach(
                transfer -> loop.execute(() -> answer.answered(transfer, Decision.HANDED_OVER)));

    traffic.redis().set(LOCK, Traffic.text("w2/token"));
    offer(entries.subList(1_200, 1_800).toArray(Entry[]::new));

    await().until(() -> work.given.size() == 1_800 && lanes.size() == 0);
    assertThat(work.deliveries).allMatch(transfer -> transfer.ids().size() <= 500);
    assertThat(work.deliveries).hasSizeGreaterThan(4);
    assertThat(work.given)
        .filteredOn(id -> id.compareTo(EntryId.parse("501-0")) < 0)
        .isSubsetOf(work.given.subList(0, 500));
    assertThat(work.given).doesNotHaveDuplicates();
    assertThat(lanes.parkedCount()).isZero();
  }

  @Test
  void givesUpItsLocksWhenItDrainsAndTakesNoOthers() throws Exception {
    Entry running = entry(IN, "1-0");
    Entry waiting = entry(IN, "2-0");
    traffic.redis().set("lock:foreign", Traffic.text("a-python-worker"));
    offer(running);
    await().until(() -> work.ran.contains(running));
    Entry parked = entry(IN, "3-0", "foreign");
    offer(waiting, parked);
    await().until(() -> work.parked.contains(parked));

    loop.execute(lanes::drain);
    loop.execute(() -> lanes.done(running));

    await().until(() -> traffic.holder(LOCK).isEmpty());
    traffic.redis().del("lock:foreign");
    traffic.redis().set("a-few-polls", Traffic.text("1"), SetArgs.Builder.px(600));
    await().until(() -> traffic.redis().exists("a-few-polls") == 0);
    assertThat(traffic.redis().keys("lock:*")).isEmpty();
    assertThat(work.ran).containsExactly(running);
  }

  @Test
  void releasesALockThatIsLeftWithoutWork() throws Exception {
    Entry entry = entry(IN, "1-0");
    offer(entry);
    await().until(() -> work.ran.contains(entry));
    assertThat(traffic.holder(LOCK)).isEqualTo("w1/" + new UUID(0, 1));

    loop.execute(() -> lanes.done(entry));

    await().until(() -> traffic.holder(LOCK).isEmpty());
    await().until(() -> lanes.size() == 0);
  }

  /** A release that Redis runs after it has given the lock anew would leave its lane without. */
  @Test
  void asksForALockThatItGaveUpOnlyWhenTheReleaseIsAnswered() throws Exception {
    Entry first = entry(IN, "1-0");
    offer(first);
    await().until(() -> work.ran.contains(first));
    locks.holdUpReleases();
    loop.execute(() -> lanes.done(first));
    await().until(() -> locks.heldUp.contains(LOCK));
    Entry second = entry(IN, "2-0");
    Entry other = entry(IN, "3-0", "other");
    offer(second);
    offer(other);

    await().until(() -> work.ran.contains(other));
    assertThat(work.ran).doesNotContain(second);
    assertThat(traffic.holder(LOCK)).isEmpty();
    locks.letThrough();
    await().until(() -> work.ran.contains(second));
    assertThat(traffic.holder(LOCK)).isEqualTo("w1/" + new UUID(0, 1));
  }

  /** The next entry of the channel would wait for a needless reply. */
  @Test
  void releasesNoLockThatAnotherHolds() throws Exception {
    traffic.redis().set(LOCK, Traffic.text("w2/token"));
    work.delivery =
        (transfers, answer) ->
            loop.execute(() -> answer.answered(transfers.getFirst(), Decision.HANDED_OVER));
    locks.holdUpReleases();
    offer(entry(IN, "1-0"));
    await().until(() -> work.given.size() == 1 && lanes.size() == 0);

    offer(entry(IN, "2-0"));

    await().until(() -> work.given.size() == 2 && lanes.size() == 0);
    assertThat(locks.heldUp).isEmpty();
    assertThat(traffic.holder(LOCK)).isEqualTo("w2/token");
  }

  @Test
  void interruptsNothingAndStartsNothingTwiceWhenEntriesComeWhileOneRuns() throws Exception {
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      entries.add(entry(IN, i + "-0"));
    }
    offer(entries.getFirst());
    await().until(() -> work.ran.size() == 1);
    offer(entries.subList(1, 5).reversed().toArray(Entry[]::new));
    loop.execute(() -> lanes.done(entries.getFirst()));

    await().until(() -> work.ran.size() == 5);
    assertThat(work.ran).containsExactlyElementsOf(entries);
  }

  /** Another worker would get the lock, and its entries would overtake those that failed. */
  @Test
  void keepsItsLockBeyondItsTurnForEntriesWhoseNextAttemptIsDue() throws Exception {
    Entry older = entry(IN, "1-0");
    Entry failed = entry(IN, "2-0");
    Entry next = entry(IN, "3-0");
    offer(failed);
    await().until(() -> work.ran.contains(failed));
    locks.holdUpReleases();
    loop.execute(
        () -> {
          lanes.waitFor(failed);
          loop.after(
              Duration.ofMillis(1_100),
              () -> {
                lanes.offer(older);
                lanes.resume(failed);
              });
        });
    offer(next);
    await().until(() -> work.ran.size() > 1 || locks.heldUp.contains(LOCK));
    assertThat(work.ran).containsExactly(failed, older);
    loop.execute(
        () -> {
          lanes.waitFor(older);
          lanes.resume(older);
          lanes.done(older);
        });

    await().until(() -> work.ran.size() > 3 || locks.heldUp.contains(LOCK));
    assertThat(work.ran).containsExactly(failed, older, older, failed);
    loop.execute(() -> lanes.done(failed));
    await().until(() -> locks.heldUp.contains(LOCK));
    locks.letThrough();
    await().until(() -> work.ran.contains(next));
  }

  private void offer(Entry... entries) {
    work.known.addAll(List.of(entries));
    loop.execute(() -> List.of(entries).forEach(lanes::offer));
  }

  private Entry entry(StreamConsumer stream, String id) throws Exception {
    return entry(stream, id, "c");
  }

  private Entry entry(StreamConsumer stream, String id, String channel) throws Exception {
    byte[] data = Traffic.text("{\"channel_id\":\"" + channel + "\"}");
    long now = System.nanoTime();
    return new Entry(
        stream,
        new RawEntry(EntryId.parse(id), 1, RawEntry.Content.WHOLE, data, null, null),
        data,
        new HeaderScan("channel_id").scan(data),
        now,
        now);
  }

  /** Locks whose releases are delayed until the test allows them. */
  private static final class LateAnswers extends ChannelLocks {

    final List<String> heldUp = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> answers = new CompletableFuture<>();
    private final EventLoop loop;
    private volatile boolean late;

    LateAnswers(EventLoop loop, Link link) {
      super(loop, link, TOKEN, 20_000, new ServerClock((by, back) -> {}));
      this.loop = loop;
    }

    void holdUpReleases() {
      late = true;
    }

    void letThrough() {
      answers.complete(null);
    }

    @Override
    public CompletableFuture<Void> release(
        List<String> keys, BiConsumer<List<String>, @Nullable Throwable> then) {
      return super.release(
          keys,
          (page, failure) -> {
            if (late) {
              heldUp.addAll(page);
              answers.thenRun(() -> loop.execute(() -> then.accept(page, failure)));
            } else {
              then.accept(page, failure);
            }
          });
    }
  }

  /** Records the calls of lanes; an entry counts as confirmed for ten seconds. */
  private static final class Surroundings implements LaneWork {

    final List<Entry> known = new CopyOnWriteArrayList<>();
    final List<Entry> ran = new CopyOnWriteArrayList<>();
    final List<Entry> confirmed = new CopyOnWriteArrayList<>();
    final List<Entry> parked = new CopyOnWriteArrayList<>();
    final List<Entry> awaited = new CopyOnWriteArrayList<>();
    final List<EntryId> given = new CopyOnWriteArrayList<>();
    volatile boolean scarce;
    final List<Transfer> deliveries = new CopyOnWriteArrayList<>();
    BiConsumer<List<Transfer>, HandOver.Callback> delivery = (transfers, answer) -> {};

    @Override
    public void run(List<Entry> entries) {
      ran.addAll(entries);
    }

    @Override
    public void runApart(List<Entry> entries) {
      ran.addAll(entries);
    }

    @Override
    public void awaitDue(Entry entry) {
      awaited.add(entry);
    }

    @Override
    public boolean fresh(Entry entry, long now) {
      return now - entry.ownedAt() < Duration.ofSeconds(10).toNanos();
    }

    @Override
    public void confirm(List<Entry> entries, Runnable then) {
      confirmed.addAll(entries);
      entries.forEach(entry -> entry.owned(System.nanoTime()));
      then.run();
    }

    @Override
    public void park(Entry entry, Parking where) {
      parked.add(entry);
    }

    @Override
    public boolean roomIsScarce() {
      return scarce;
    }

    @Override
    public int mostParkedOfLane() {
      return 100_000;
    }

    @Override
    public void leave(Entry entry) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void lookForLeft(StreamConsumer stream) {}

    @Override
    public int roomForParked() {
      return 100;
    }

    @Override
    public void fetchParked(
        StreamConsumer stream, List<EntryId> ids, Consumer<List<EntryId>> then) {
      then.accept(List.of());
    }

    @Override
    public void doubt(StreamConsumer stream, List<EntryId> ids) {
      known.stream()
          .filter(entry -> ids.contains(entry.entryId()))
          .forEach(entry -> entry.doubt(System.nanoTime()));
    }

    @Override
    public void handOver(
        StreamConsumer stream, List<Transfer> transfers, HandOver.Callback answer) {
      deliveries.addAll(transfers);
      delivery.accept(transfers, answer);
    }

    @Override
    public void handedOver(StreamConsumer stream, Set<EntryId> ids) {
      given.addAll(ids);
    }
  }

  private static final class QuietReport implements LockReport {

    @Override
    public void lockWaited(StreamConsumer stream, long nanos) {}

    @Override
    public void lockLost(StreamConsumer stream) {}

    @Override
    public boolean lockRefused(StreamConsumer stream, String key, String reason, boolean named) {
      return true;
    }

    @Override
    public void locksUsableAgain() {}

    @Override
    public CallReport calls() {
      return (operation, failure) -> {};
    }
  }
}
