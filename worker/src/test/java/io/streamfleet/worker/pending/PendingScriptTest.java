package io.streamfleet.worker.pending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XAddArgs;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.channel.HandOver;
import io.streamfleet.worker.channel.HandOver.Transfer;
import io.streamfleet.worker.channel.Holder;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.entry.Suspicion;
import io.streamfleet.worker.fleet.GhostHolder;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.pending.Fetcher.Delivery;
import io.streamfleet.worker.pending.Fetcher.Fetched;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.settle.DeadLetterReason;
import io.streamfleet.worker.suspect.SuspectRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scripts that take entries by id take what is ours, and strike nothing off the pending list. */
class PendingScriptTest {

  private static final StreamConsumer STREAM =
      new StreamConsumer(Direction.INBOUND, "in", "g", "w1");
  private static final String LOCK = "lock:c";

  /** Bytes of a payload at the most. */
  private static final int LARGEST = 10_000;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final RedisConnector connector =
      RedisConnector.to(RedisSettings.plain(redis.url()), Duration.ofSeconds(1));
  private final Link link = connector.connect();
  private final EventLoop loop =
      new EventLoop("pending", System::nanoTime, () -> {}, failure -> {});
  private final Fetcher fetcher =
      new Fetcher(
          loop,
          link,
          STREAM,
          new BatchDecoder(STREAM, new HeaderScan("channel_id"), 10, LARGEST, System::nanoTime));
  private final HandOver handOver =
      new HandOver(loop, link, STREAM, "sg:control:notice:in:g:", 100_000);
  private final GroupView group = new GroupView(traffic, "in", "g");

  @BeforeEach
  void start() {
    group.created();
    loop.start();
  }

  @AfterEach
  void close() throws Exception {
    loop.stop(Duration.ofSeconds(1));
    connector.close();
    traffic.close();
    redis.close();
  }

  @Test
  void fetchesWhatIsOursInTheOrderAskedFor() throws Exception {
    List<String> ids = fill(20);
    group.deliverTo("w1", 10);
    group.deliverTo("ghost", 10);
    traffic.redis().xack("in", "g", ids.get(3));

    Batch batch = fetch(List.of(ids.get(7), ids.get(15), ids.get(2), ids.get(3), ids.get(9)), true);

    assertThat(idsOf(batch)).containsExactly(ids.get(7), ids.get(2), ids.get(9));
    assertThat(batch.entries()).allMatch(entry -> entry.attempt() == 2);
    assertThat(deliveries(ids.get(7))).isEqualTo(2);
    assertThat(deliveries(ids.get(8))).isEqualTo(1);
    assertThat(idsOf("ghost")).hasSize(10);
  }

  @Test
  void whatMayHaveKilledAWorkerIsKnownToWhoFetchesItAndDiesAfterSoManyDeathsAlone()
      throws Exception {
    List<String> ids = fill(3);
    group.deliverTo("w1", 3);
    SuspectRecords records = new SuspectRecords(link);
    records.accuse(STREAM, Map.of(EntryId.parse(ids.get(0)), 2)).join();
    records.accuse(STREAM, Map.of(EntryId.parse(ids.get(0)), 1)).join();
    records.alone(STREAM, EntryId.parse(ids.get(0)), 4).join();
    records.alone(STREAM, EntryId.parse(ids.get(1)), 10).join();

    Batch batch = fetch(ids, false);

    assertThat(batch.entries())
        .extracting(Entry::suspicion)
        .containsExactly(new Suspicion(2, 4, 0), Suspicion.NONE);
    assertThat(batch.rejected())
        .extracting(Batch.Rejected::reason)
        .containsExactly(DeadLetterReason.KILLED_WORKER);
    records.forget(STREAM, parsed(ids)).join();
    assertThat(traffic.redis().exists("in:suspects:g")).isZero();
  }

  /** One look at the pending list between two ids does not come to its end. */
  @Test
  void fetchesWhatLiesFarApart() throws Exception {
    List<String> ids = fill(3_000);
    group.deliverTo("w1", 2_990);
    group.deliverTo("ghost", 10);

    Batch batch =
        fetch(List.of(ids.getFirst(), ids.get(1_500), ids.get(2_989), ids.getLast()), false);

    assertThat(idsOf(batch)).containsExactly(ids.getFirst(), ids.get(1_500), ids.get(2_989));
    assertThat(batch.rejected()).isEmpty();
    assertThat(deliveries(ids.get(1_500))).isEqualTo(1);
  }

  @Test
  void tellsOfAnEntryThatIsTrimmedAndLeavesItPending() throws Exception {
    List<String> ids = fill(12);
    group.deliverTo("w1", 12);
    // As text, the one that is deleted, 1-10, comes before the oldest that is asked for, 1-9.
    traffic.redis().xdel("in", ids.get(9));

    assertThat(lostOf(fetch(List.of(ids.get(8), ids.get(9)), false))).containsExactly(ids.get(9));
    assertThat(group.rows()).hasSize(12);

    traffic.redis().xtrim("in", 4);

    assertThat(lostOf(fetch(ids, false))).hasSize(8).contains(ids.getFirst(), ids.get(9));
    assertThat(group.rows()).hasSize(12);
  }

  @Test
  void handsOverWhatIsOursAndStillThere() throws Exception {
    List<String> ids = fill(3_000);
    group.deliverTo("w1", 2_990);
    group.deliverTo("other", 10);
    traffic.redis().set(LOCK, Traffic.text("ghost/1"));
    traffic.redis().xdel("in", ids.get(9));

    try (GhostHolder ghost = new GhostHolder(redis.url(), "in")) {
      List<String> given = new CopyOnWriteArrayList<>();
      ghost.releaseWhenGiven(given::add);

      assertThat(
              handOver(List.of(ids.get(2_000), ids.get(8), ids.get(9), ids.getLast()), "ghost/1"))
          .isEqualTo(HandOver.Decision.HANDED_OVER);

      await().until(() -> given.equals(List.of("in " + ids.get(2_000), "in " + ids.get(8))));
      assertThat(idsOf("ghost")).containsExactly(ids.get(8), ids.get(2_000));
      assertThat(idsOf("w1")).hasSize(2_988).contains(ids.get(9));
      assertThat(idsOf("other")).hasSize(10);

      assertThat(handOver(List.of(ids.getFirst()), "ghost/2"))
          .isEqualTo(HandOver.Decision.HOLDER_CHANGED);
      assertThat(idsOf("ghost")).hasSize(2);
    }
    assertThat(handOver(List.of(ids.getFirst()), "ghost/1"))
        .isEqualTo(HandOver.Decision.NOBODY_THERE);
    assertThat(idsOf("ghost")).hasSize(2);
  }

  @Test
  void fetchesAsManyAsFitAndCountsTheDeliveryOfThoseAlone() throws Exception {
    List<String> ids = fill(3);
    String large = traffic.publish("in", Map.of("text", "x".repeat(5_000)));
    String tooLarge = traffic.publish("in", Map.of("text", "x".repeat(LARGEST)));
    String last = traffic.publish("in", "c");
    group.deliverTo("w1", 6);
    List<String> all = new ArrayList<>(ids);
    all.addAll(List.of(tooLarge, large, last));

    Fetched first = fetch(all, true, 4_000);

    assertThat(idsOf(first.batch())).isEqualTo(ids);
    assertThat(first.reached()).isEqualTo(4);
    assertThat(first.next()).isZero();
    assertThat(first.batch().rejected())
        .singleElement()
        .satisfies(
            rejected -> {
              assertThat(rejected.id()).hasToString(tooLarge);
              assertThat(rejected.reason()).isEqualTo("too_large");
            });
    assertThat(deliveries(ids.getFirst())).isEqualTo(2);
    assertThat(deliveries(large)).as("not handed out yet").isEqualTo(1);
    assertThat(deliveries(last)).isEqualTo(1);

    Fetched second = fetch(List.of(large, last), true, 4_000);

    assertThat(second.reached()).isZero();
    assertThat(second.next()).isBetween(5_000L, 5_100L);

    Fetched rest = fetch(List.of(large, last), true, second.next() + 1_000);

    assertThat(idsOf(rest.batch())).containsExactly(large, last);
    assertThat(deliveries(large)).isEqualTo(2);
  }

  /** Each is loaded within Redis to be measured: a call that did so for all would take too long. */
  @Test
  void aCallComesToOneEntryThatIsTooLarge() throws Exception {
    List<String> tooLarge = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tooLarge.add(traffic.publish("in", Map.of("text", "x".repeat(LARGEST))));
    }
    group.deliverTo("w1", 3);

    Fetched first = fetch(tooLarge, false, 4_000);

    assertThat(first.reached()).isEqualTo(1);
    assertThat(first.next()).isZero();
    assertThat(first.batch().rejected()).hasSize(1);
  }

  /** Entries with the ids 1-1, 1-2 and so on. */
  private List<String> fill(int count) {
    PayloadWriter writer = new PayloadWriter();
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      ids.add(
          traffic
              .redis()
              .xadd(
                  "in",
                  new XAddArgs().id("1-" + i),
                  Map.of("data", writer.write(Map.of("channel_id", "c", "n", i)))));
    }
    return ids;
  }

  private Batch fetch(List<String> ids, boolean redelivered) throws Exception {
    Fetched fetched = fetch(ids, redelivered, 1_000_000);
    assertThat(fetched.reached()).isEqualTo(ids.size());
    assertThat(fetched.next()).isZero();
    return fetched.batch();
  }

  private Fetched fetch(List<String> ids, boolean redelivered, long room) throws Exception {
    CompletableFuture<Fetched> answer = new CompletableFuture<>();
    fetcher.fetch(
        parsed(ids),
        redelivered ? Delivery.ONE_MORE : Delivery.COUNTED,
        room,
        LARGEST,
        (fetched, failure) -> {
          if (fetched != null) {
            answer.complete(fetched);
          } else {
            answer.completeExceptionally(failure);
          }
        });
    return answer.get(10, TimeUnit.SECONDS);
  }

  private HandOver.Decision handOver(List<String> ids, String token) throws Exception {
    CompletableFuture<HandOver.Decision> answer = new CompletableFuture<>();
    Transfer sent = new Transfer(LOCK, new Holder.Consumer(token, "ghost"), parsed(ids));
    HandOver.Callback then =
        new HandOver.Callback() {
          @Override
          public void answered(Transfer parcel, HandOver.Decision verdict) {
            answer.complete(verdict);
          }

          @Override
          public void failed(Transfer parcel, Throwable failure) {
            answer.completeExceptionally(failure);
          }
        };
    loop.execute(() -> handOver.send(List.of(sent), then));
    return answer.get(10, TimeUnit.SECONDS);
  }

  private static List<EntryId> parsed(List<String> ids) {
    return ids.stream().map(EntryId::parse).toList();
  }

  private static List<String> idsOf(Batch batch) {
    return batch.entries().stream().map(entry -> entry.entryId().toString()).toList();
  }

  private static List<String> lostOf(Batch batch) {
    return batch.rejected().stream().map(lost -> lost.id().toString()).toList();
  }

  private List<String> idsOf(String consumer) {
    return group.rows().stream()
        .filter(row -> row.consumer().equals(consumer))
        .map(GroupView.Row::id)
        .toList();
  }

  private long deliveries(String id) {
    return group.rows().stream()
        .filter(row -> row.id().equals(id))
        .mapToLong(GroupView.Row::deliveries)
        .sum();
  }
}
