package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.RecordingHandler.Call;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** If Redis refuses the key of a lock, only the channel of this lock is blocked. */
class RefusedKeyTest {

  private static final String LOCK = "sg:lock:channel:c3";

  /** All but the lock of one channel. */
  private static final String KEYS = "~in ~dlq ~sg:trace* ~sg:lock:channel:c*";

  private final RedisServer redis =
      RedisServer.builder().user("worker on >secret &* +@all resetkeys " + KEYS).start();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");
  private final RecordingHandler handler = RecordingHandler.instant();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void stop() {
    logger().detachAppender(log);
    traffic.close();
    redis.close();
  }

  @Test
  void somethingElseLiesUnderTheKey() throws Exception {
    traffic.redis().hset(LOCK, Map.of("owner", Traffic.text("another library")));
    try (TestWorker worker = worker(QuickManifest.calm(), handler, redis.url())) {
      publishToTwentyChannels("c");

      await().until(() -> handler.finished().size() == 190 && group.rows().size() == 10);
      await().until(() -> refused(worker) == 1);
      assertThat(handler.numbers("c3")).isEmpty();
      assertThat(traffic.redis().hgetall(LOCK)).containsOnlyKeys("owner");
      await().until(() -> lockKeys().equals(List.of(LOCK)));

      traffic.redis().del(LOCK);
      await().until(() -> handler.numbers("c3").size() == 10 && group.isEmpty());
      assertThat(refused(worker)).isZero();
      assertThat(handler.overlaps()).isEmpty();
      assertThat(told("Redis refuses the key of a channel's lock")).hasSize(1);
      assertThat(told("no lock is refused any more")).hasSize(1);
    }
  }

  /** Redis refuses the whole call then, and does not say which key it means. */
  @Test
  void anAclForbidsTheKey() throws Exception {
    try (TestWorker worker = worker(QuickManifest.calm(), handler, ofUser())) {
      publishToTwentyChannels("c");
      publishToTwentyChannels("d");

      await().until(() -> handler.finished().size() == 200 && group.rows().size() == 200);
      await().until(() -> refused(worker) == 20);
      assertThat(handler.finished()).extracting(Call::channel).allMatch(c -> c.startsWith("c"));

      traffic.redis().aclSetuser("worker", io.lettuce.core.AclSetuserArgs.Builder.allKeys());
      await().until(() -> handler.finished().size() == 400 && group.isEmpty());
      assertThat(refused(worker)).isZero();
      assertThat(handler.overlaps()).isEmpty();
    }
  }

  /** The drain does not wait for the refused key, and releases the other locks. */
  @Test
  void aWorkerWithSuchAKeyDrains() throws Exception {
    TestWorker worker = worker(QuickManifest.calm(), handler, ofUser());
    traffic.publish("in", "d");
    await().until(() -> refused(worker) == 1);
    traffic.publish("in", "c");
    await().until(() -> handler.finished().size() == 1);

    worker.drain();

    assertThat(lockKeys()).isEmpty();
    assertThat(group.rows())
        .singleElement()
        .satisfies(row -> assertThat(row.idleMillis()).isPositive());
    try (TestWorker next = worker(QuickManifest.calm(), "w2", handler, redis.url())) {
      await().until(() -> handler.finished().size() == 2 && group.isEmpty());
      assertThat(refused(next)).isZero();
    }
  }

  /** Only the lock of that channel is lost; the others are still renewed. */
  @Test
  void anAclForbidsTheKeyOfALockThatIsHeld() throws Exception {
    Gate gate = new Gate();
    RecordingHandler waiting =
        new RecordingHandler(
            message -> {
              if (message.channel().startsWith("c")) {
                gate.pass();
              }
              return Handled.nothing();
            });
    try (TestWorker worker = worker(QuickManifest.hasty(), waiting, ofUser())) {
      traffic.publish("in", "c1");
      traffic.publish("in", "c2");
      await().until(() -> gate.reached() == 2);

      traffic.redis().aclSetuser("worker", aclRules("~in ~dlq ~sg:trace* ~sg:lock:channel:c2"));

      await().until(() -> gate.interrupted() == 1 && refused(worker) == 1);
      // Twice the time of the lock that could be kept.
      traffic.redis().set("passes", Traffic.text("1"), io.lettuce.core.SetArgs.Builder.px(2_000));
      await().until(() -> traffic.redis().exists("passes") == 0);
      assertThat(gate.interrupted()).isEqualTo(1);
      assertThat(traffic.holder("sg:lock:channel:c2")).startsWith("w1/");
      gate.open();
      await().until(() -> waiting.numbers("c2").size() == 1 && group.rows().size() == 1);
      assertThat(waiting.numbers("c1")).isEmpty();
    } finally {
      gate.open();
    }
  }

  private static io.lettuce.core.AclSetuserArgs aclRules(String keys) {
    io.lettuce.core.AclSetuserArgs args = io.lettuce.core.AclSetuserArgs.Builder.resetKeys();
    for (String pattern : keys.split(" ", -1)) {
      args.keyPattern(pattern.substring(1));
    }
    return args;
  }

  private TestWorker worker(QuickManifest manifest, RecordingHandler with, String url)
      throws Exception {
    return worker(manifest, "w1", with, url);
  }

  private TestWorker worker(QuickManifest manifest, String name, RecordingHandler with, String url)
      throws Exception {
    return TestWorker.start(manifest.text(), name, with, url);
  }

  private String ofUser() {
    return redis.url().replace("redis://", "redis://worker:secret@");
  }

  private void publishToTwentyChannels(String prefix) {
    IntStream.range(0, 200).forEach(i -> traffic.publish("in", prefix + i % 20));
  }

  private List<String> lockKeys() {
    return traffic.redis().keys("sg:lock:*");
  }

  private static double refused(TestWorker worker) {
    return worker.metric("streamfleet_lanes_refused", "loop", "inbound");
  }

  private List<ILoggingEvent> told(String message) {
    return List.copyOf(log.list).stream()
        .filter(line -> line.getFormattedMessage().startsWith(message))
        .toList();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("io.streamfleet.worker.pipeline");
  }
}
