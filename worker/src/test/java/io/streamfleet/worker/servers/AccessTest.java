package io.streamfleet.worker.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.streamfleet.embedded.RedisBinary;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.Secret;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users and passwords: no more rights than needed, and new passwords without a restart. */
class AccessTest {

  /**
   * All that a worker asks of a standalone server; docs name the same. HELLO and AUTH need no
   * right.
   */
  private static final String COMMANDS =
      "+pubsub|numsub +ping +client|setname +client|id +client|unblock"
          + " +xgroup|create +xgroup|delconsumer +xreadgroup +xack +xclaim +xautoclaim +xpending"
          + " +xrange +xadd +xdel +xlen +xinfo|groups +xinfo|stream"
          + " +zadd +zmscore +zrem +zremrangebyscore +pttl +xtrim"
          + " +get +set +del +pexpire +hget +hset +pexpireat +sadd +srem"
          + " +eval +evalsha +publish +subscribe +time";

  /** The client tells its name and version where the server is new enough to listen. */
  private static final String SETINFO = " +client|setinfo";

  private static final String KEYS =
      "~in ~in:due:* ~in:lost:* ~in:trimmer ~dlq ~sg:* &sg:control:*";

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound:
        streams: [in]
        group: g
        ordering: {lockTtl: 1s}
        handler: {builtin: Discard}
        retention: Acknowledged
      retry: {maxAttempts: 3, initialBackoff: 10ms, maxBackoff: 2s}
      read: {block: 200ms}
      autoclaim: {interval: 200ms, minIdle: 500ms}
      deadLetter: {stream: dlq}
      workers: {drainTimeout: 1s}
      """;

  @TempDir private Path folder;

  private static String commands() {
    return RedisBinary.find().version().isAtLeast(7, 2) ? COMMANDS + SETINFO : COMMANDS;
  }

  private RedisSettings settings(String url) {
    return new RedisSettings(
        url,
        false,
        false,
        Duration.ofSeconds(2),
        () ->
            Credentials.of(
                Optional.of(Secret.folder(folder)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
        true,
        "test");
  }

  private void credentials(String user, String password) throws IOException {
    Files.write(folder.resolve("username"), List.of(user));
    Files.write(folder.resolve("password"), List.of(password));
  }

  @Test
  void theListedCommandsAreEnough() throws Exception {
    credentials("worker", "secret");
    CountDownLatch mayEnd = new CountDownLatch(1);
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              switch (message.channel()) {
                case "stays" -> mayEnd.await();
                case "never" -> throw new PermanentFailure("no");
                default -> {
                  if (message.attempt() == 1) {
                    // One is long enough for Redis to keep when it is due.
                    boolean kept = Long.valueOf(1).equals(message.payload().toMap().get("n"));
                    throw new TransientFailure("not yet", Duration.ofMillis(kept ? 1_100 : 0));
                  }
                }
              }
              return Handled.emitting(new OutboundMessage("chat", Map.of("n", 1)));
            });
    try (RedisServer redis =
            RedisServer.builder()
                .user("worker on >secret resetkeys resetchannels " + KEYS + " -@all " + commands())
                .start();
        Traffic traffic = new Traffic(redis.url())) {
      GroupView group = new GroupView(traffic, "in", "g");
      try (TestWorker one = TestWorker.start(MANIFEST, "w1", handler, settings(redis.url()))) {
        for (int i = 0; i < 50; i++) {
          traffic.publish("in", "c" + i % 5);
        }
        traffic.publish("in", "never");
        group.deliverTo("ghost", 10);
        await().until(() -> group.isEmpty() && handler.finished().size() == 50);
        traffic.publish("in", "stays");
        await().until(() -> handler.started().getLast().channel().equals("stays"));
        // A second worker, to which the first hands over what it leaves.
        try (TestWorker two = TestWorker.start(MANIFEST, "w2", handler, settings(redis.url()))) {
          for (int i = 0; i < 5; i++) {
            traffic.publish("in", "stays");
          }
          await()
              .until(
                  () ->
                      group.rows().stream().filter(row -> row.consumer().equals("w1")).count()
                          == 6);
          one.drain();
          mayEnd.countDown();
          await().until(() -> group.isEmpty());
          assertThat(two.ready()).isTrue();
        }
      }
      assertThat(traffic.redis().aclLog()).as("what was refused").isEmpty();
    }
  }

  @Test
  void aNewPasswordIsReadFromItsFileWhenConnectionsAreMadeAgain() throws Exception {
    credentials("default", "first");
    RecordingHandler handler = RecordingHandler.instant();
    try (RedisServer redis = RedisServer.builder().password("first").start();
        Traffic traffic = new Traffic(redis.url().replace("redis://", "redis://default:first@"));
        TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, settings(redis.url()))) {
      traffic.publish("in", "c");
      await().until(() -> handler.finished().size() == 1);

      traffic.redis().configSet("requirepass", "second");
      credentials("default", "second");
      assertThat(traffic.redis().clientKill(KillArgs.Builder.skipme())).isGreaterThanOrEqualTo(3);
      traffic.publish("in", "c");

      await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() == 2);
      await().atMost(Duration.ofSeconds(20)).until(worker::ready);
    }
  }

  @Test
  void aPasswordThatIsRefusedIsTriedAgainUntilItsFileIsPutRight() throws Exception {
    credentials("default", "wrong");
    RecordingHandler handler = RecordingHandler.instant();
    try (RedisServer redis = RedisServer.builder().password("right").start();
        TestWorker worker = TestWorker.launch(MANIFEST, "w1", handler, settings(redis.url()))) {
      await()
          .until(
              () -> worker.metric("streamfleet_redis_errors_total", "operation", "connect") >= 1);
      credentials("default", "right");
      await().atMost(Duration.ofSeconds(20)).until(worker::ready);
    }
  }
}
