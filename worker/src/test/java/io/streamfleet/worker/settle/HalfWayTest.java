package io.streamfleet.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XAddArgs;
import io.lettuce.core.output.IntegerOutput;
import io.streamfleet.api.DeadLetterSpec;
import io.streamfleet.api.Manifest;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Direction;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.FewRights;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scripts that write more than once: when a later write is refused, nothing is done twice. */
class HalfWayTest {

  private static final String HIGHEST = "18446744073709551615-18446744073709551615";

  private static final String MANIFEST =
      QuickManifest.calm().text()
          + """
          outbound:
            platforms: [mail]
            streamTemplate: "out:{platform}"
            group: gateways
            handler: {builtin: Discard}
          """;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private static RecordingHandler emittingToTwo() {
    return new RecordingHandler(
        message ->
            Handled.emitting(
                new OutboundMessage("chat", Map.of("n", 1)),
                new OutboundMessage("full", Map.of("n", 2))));
  }

  @Test
  void anEmissionOfWhichOneStreamCanHaveNoMoreEntriesIsNoEmissionAtAll() throws Exception {
    traffic
        .redis()
        .xadd("out:full", XAddArgs.Builder.maxlen(10).id(HIGHEST), Map.of("n", Traffic.text("1")));
    RecordingHandler handler = emittingToTwo();
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      traffic.publish("in", "c");
      await().until(() -> !handler.started().isEmpty() && group.isEmpty());

      assertThat(worker.metric("streamfleet_redis_errors_total", "operation", "emit")).isZero();
    }
    assertThat(traffic.redis().xlen("out:chat")).isZero();
    assertThat(GroupView.entries(traffic, "dlq"))
        .singleElement()
        .satisfies(letter -> assertThat(letter).containsEntry("reason", "permanent_failure"));
  }

  @Test
  void anEmissionThatMayNotWriteItsLastStreamIsTriedAgainAndLeavesNothingInTheFirst() {
    group.created();
    traffic.publish("in", "c");
    group.deliverTo("w1", 1);
    String id = group.row().id();
    as(
        "-@all +evalsha +eval +xpending +xlen +xadd +xdel",
        link ->
            assertThatThrownBy(
                    () ->
                        link.eval(
                                Script.beside(Emitter.class, "emit.lua")
                                    .after(LeaseProof.FUNCTIONS),
                                List.of("in", "out:chat", "out:more"),
                                args ->
                                    args.add("g")
                                        .add("w1")
                                        .add(id)
                                        .add(0)
                                        .add("")
                                        .add("")
                                        .add(0)
                                        .add("a")
                                        .add("1")
                                        .add("")
                                        .add("b")
                                        .add("1")
                                        .add(""))
                            .join())
                .hasMessageContaining("run this command"));

    assertThat(traffic.redis().xlen("out:chat") + traffic.redis().xlen("out:more")).isZero();
    assertThat(group.rows()).hasSize(1);
  }

  @Test
  void aDeadLetterWhoseEntryCannotBeAcknowledgedIsNotWritten() {
    group.created();
    traffic.publish("in", "c");
    group.deliverTo("w1", 1);
    String id = group.row().id();
    as(
        "-@all +evalsha +eval +xpending +xrange +xadd +xdel",
        link ->
            assertThatThrownBy(
                    () ->
                        link.eval(
                                Script.beside(DeadLetterWriter.class, "dead_letter.lua")
                                    .after(LeaseProof.FUNCTIONS),
                                List.of("in", "dlq"),
                                args ->
                                    args.add("g")
                                        .add("w1")
                                        .add(id)
                                        .add(1)
                                        .add(0)
                                        .add("e")
                                        .add(1)
                                        .add("r")
                                        .add("now")
                                        .add(10)
                                        .add("")
                                        .add(1000)
                                        .add("")
                                        .add("")
                                        .add(0))
                            .join())
                .hasMessageContaining("run this command"));

    assertThat(traffic.redis().xlen("dlq")).isZero();
  }

  @Test
  void oneKeyThatIsNoHashCostsTheOtherTracesNothing() {
    traffic.redis().set("t:2", Traffic.text("no hash"));
    as(
        "+@all",
        link ->
            link.eval(
                    Script.beside(Traces.class, "trace.lua"),
                    () -> new IntegerOutput<>(Link.CODEC),
                    List.of("t:1", "t:2", "t:3"),
                    args -> args.add(60_000).add("1.5").add("CLAIMED"))
                .join());

    assertThat(traffic.redis().hget("t:1", "state")).asString().isEqualTo("CLAIMED");
    assertThat(traffic.redis().hget("t:3", "state")).asString().isEqualTo("CLAIMED");
    assertThat(traffic.redis().pttl("t:3")).isPositive();
  }

  @Test
  void aTraceThatCannotExpireIsNotKept() {
    as(
        "-@all +evalsha +eval +time +hget +hset +del",
        link ->
            link.eval(
                    Script.beside(Traces.class, "trace.lua"),
                    () -> new IntegerOutput<>(Link.CODEC),
                    List.of("t:1"),
                    args -> args.add(60_000).add("1.5").add("CLAIMED"))
                .join());

    assertThat(traffic.redis().exists("t:1")).isZero();
  }

  /** The pending list has forgotten such an entry, so it cannot tell that its letter is written. */
  @Test
  void theLetterOfAPayloadThatIsGoneIsWrittenOnceHoweverOftenItIsSent() throws Exception {
    group.created();
    DeadLetterSpec spec = Manifest.read(QuickManifest.calm().text()).spec().deadLetter();
    List<Boolean> written = new CopyOnWriteArrayList<>();
    EventLoop loop = new EventLoop("test", System::nanoTime, () -> {}, failure -> {});
    loop.start();
    try {
      as(
          "+@all",
          link -> {
            StreamConsumer stream = new StreamConsumer(Direction.INBOUND, "in", "g", "w1");
            Persistent persistent = new Persistent(loop, new Random(1), (what, failure) -> {});
            DeadLetterWriter letters =
                new DeadLetterWriter(
                    link,
                    stream,
                    spec,
                    1_000_000,
                    persistent,
                    new GroupAcknowledger(loop, link, stream, persistent),
                    Clock.systemUTC());
            for (int i = 0; i < 2; i++) {
              loop.execute(
                  () ->
                      letters.writeDeadLetter(
                          new EntryId(1, 1),
                          new DeadLetterWriter.Cause(DeadLetterReason.PAYLOAD_LOST, "gone", 0),
                          false,
                          written::add));
            }
            await().until(() -> written.size() == 2);
          });
    } finally {
      loop.stop(Duration.ofSeconds(1));
    }
    assertThat(written).containsExactly(true, true);
    assertThat(traffic.redis().xlen("dlq")).isEqualTo(1);
    assertThat(traffic.redis().keys("in:lost:*"))
        .singleElement()
        .satisfies(mark -> assertThat(traffic.redis().pttl(mark)).isPositive());
  }

  /** Does something as a user with these rights. */
  private void as(String rights, Consumer<Link> deed) {
    FewRights.as(redis.url(), traffic, rights, deed);
  }
}
