package io.streamfleet.original;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the original does that ours does not, and a fleet beside it has to bear. */
class OriginalWorkerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RedisServer server = RedisServer.plain();
  private final RedisClient client = RedisClient.create(server.url());
  private final RedisCommands<String, String> redis = client.connect().sync();
  private final List<String> calls = new CopyOnWriteArrayList<>();

  @BeforeEach
  void group() {
    redis.xgroupCreate(
        XReadArgs.StreamOffset.from("in", "0"), "g", XGroupCreateArgs.Builder.mkstream());
  }

  @AfterEach
  void close() {
    client.shutdown();
    server.close();
  }

  /** A payload is the channel's name and whether it is addressed; {@code bad} ones fail. */
  private final Processing processing =
      new Processing() {
        @Override
        public Header read(byte[] data) {
          String text = new String(data, UTF_8);
          if (text.equals("garbage")) {
            throw new IllegalArgumentException("garbage");
          }
          return new Header(text, !text.startsWith("passive"));
        }

        @Override
        public void process(String id, Header header, int attempt, byte[] data) {
          calls.add(header.channel() + " " + attempt);
          if (header.channel().equals("bad")) {
            throw new IllegalStateException("it fails");
          }
        }
      };

  private OriginalWorker worker(Duration patience) {
    return new OriginalWorker(
        OriginalSettings.of(server.url(), "python", "in", "g", Duration.ofMillis(200), patience),
        processing);
  }

  private String publish(String data) {
    return String.valueOf(redis.xadd("in", Map.of("data", data, "ts", "1", "more", "x")));
  }

  private List<Map<String, String>> letters() {
    return redis.xrange("sg:stream:dlq", Range.unbounded()).stream()
        .map(StreamMessage::getBody)
        .toList();
  }

  @Test
  void handlesUnderItsLockAndLeavesItsName() throws InterruptedException {
    publish("c1");
    publish("passive");
    OriginalWorker worker = worker(PATIENCE);
    await().atMost(PATIENCE).until(() -> calls.size() == 2);
    worker.close();

    assertThat(worker.failures()).isEmpty();
    assertThat(calls).containsExactlyInAnyOrder("c1 1", "passive 1");
    assertThat(redis.xpending("in", "g").getCount()).isZero();
    assertThat(redis.keys("sg:lock:*")).isEmpty();
    assertThat(redis.xinfoConsumers("in", "g")).hasSize(1);
  }

  @Test
  void givesUpWhatFailsThreeTimesAndWhatCannotBeReadAtAll() throws InterruptedException {
    String bad = publish("bad");
    String garbage = publish("garbage");
    try (OriginalWorker worker = worker(PATIENCE)) {
      await().atMost(PATIENCE).until(() -> letters().size() == 2);
      assertThat(worker.failures()).isEmpty();
    }

    assertThat(calls).containsExactly("bad 1", "bad 2", "bad 3");
    assertThat(letters())
        .extracting(it -> it.get("original_msg_id"))
        .containsExactlyInAnyOrder(bad, garbage);
    assertThat(letters().getFirst())
        .containsOnlyKeys(
            "original_stream", "original_msg_id", "error", "attempt", "data", "ts", "trace_id");
    assertThat(redis.xpending("in", "g").getCount()).isZero();
  }

  @Test
  void putsAMessageAtTheEndOfTheStreamWhoseLockItDoesNotGet() throws InterruptedException {
    redis.set("sg:lock:channel:c1", "somebody's");
    String first = publish("c1");
    try (OriginalWorker worker = worker(Duration.ZERO)) {
      await().atMost(PATIENCE).until(() -> redis.xlen("in") > 1);
      redis.del("sg:lock:channel:c1");
      await().atMost(PATIENCE).until(() -> calls.contains("c1 1"));
      assertThat(worker.failures()).isEmpty();
    }

    assertThat(redis.xrange("in", Range.unbounded()))
        .allMatch(it -> it.getId().equals(first) == it.getBody().containsKey("more"));
  }

  @Test
  void aProcessOfItsOwnCallsAHandlerAndEndsWhenItIsTold() throws Exception {
    publish("{\"channel_id\":\"c7\"}");
    HttpServer handler = handler();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--redis-url=" + server.url(),
                "--name=python",
                "--stream=in",
                "--group=g",
                "--locks=lock:",
                "--lock-ttl=PT60S",
                "--dead-letters=dead",
                "--claims=claims",
                "--min-idle=PT60S",
                "--patience=PT60S",
                "--handler=http://127.0.0.1:" + handler.getAddress().getPort() + "/",
                "--handler-timeout=PT10S")
            .inheritIO()
            .start();
    try {
      await().atMost(PATIENCE).until(() -> calls.contains("c7"));
      await().atMost(PATIENCE).until(() -> redis.xpending("in", "g").getCount() == 0);
    } finally {
      process.destroy();
      process.waitFor();
      handler.stop(0);
    }

    assertThat(redis.keys("lock:*")).isEmpty();
  }

  private HttpServer handler() throws IOException {
    HttpServer handler =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    handler.createContext(
        "/",
        exchange -> {
          calls.add(exchange.getRequestHeaders().getFirst("ce-subject"));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    handler.start();
    return handler;
  }
}
