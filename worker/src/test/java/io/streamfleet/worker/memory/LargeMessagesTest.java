package io.streamfleet.worker.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.Range;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Probe;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker process with the heap of its smallest container meets messages of any size. */
class LargeMessagesTest {

  private static final Duration LONG = Duration.ofMinutes(4);

  /** How many calls of the handler failed for now. */
  private static final String FAILED =
      "streamfleet_handler_seconds_count"
          + "{direction=\"inbound\",loop=\"inbound\",outcome=\"transient_failure\",} ";

  /** The same of those that were handled. */
  private static final String HANDLED = FAILED.replace("transient_failure", "success");

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g").created();
  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService answering =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());
  private final HttpServer endpoint = endpoint();
  private volatile byte[] answer = {};
  private volatile int status = 200;

  /** Of so many requests one is answered with 200, whatever the others are. */
  private volatile int fineEach = Integer.MAX_VALUE;

  private HttpServer endpoint() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
      server.setExecutor(answering);
      server.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().skip(Long.MAX_VALUE);
            int number = requests.incrementAndGet();
            byte[] body = answer;
            exchange.getResponseHeaders().set("content-type", "application/json");
            int said = number % fineEach == 0 ? 200 : status;
            exchange.sendResponseHeaders(said, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
              exchange.getResponseBody().write(body);
            }
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    endpoint.stop(0);
    answering.shutdownNow();
    traffic.close();
    redis.close();
  }

  private WorkerProcess worker(String... more) throws IOException {
    return worker(List.of(), heap("76m"), more);
  }

  private static List<String> heap(String size) {
    return List.of(
        "-Xmx" + size,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError");
  }

  private WorkerProcess worker(List<String> through, List<String> jvmOptions, String... more)
      throws IOException {
    Path file = folder.resolve("manifest.yaml");
    Files.writeString(
        file,
        """
        redis: {url: "%s"}
        inbound:
          streams: [in]
          group: g
          handler: {http: {url: "http://127.0.0.1:%d/", timeout: 60s}}
        deadLetter: {stream: dlq}
        %s
        """
            .formatted(redis.url(), endpoint.getAddress().getPort(), String.join("\n", more)));
    return WorkerProcess.start(
            folder,
            through,
            jvmOptions,
            List.of("-f", file.toString(), "--consumer", "w1", "--port", "0"))
        .awaitConsuming();
  }

  private void publishLarge(int count, int bytes) {
    byte[] text = new byte[bytes];
    Arrays.fill(text, (byte) 'x');
    String large = new String(text, US_ASCII);
    for (int i = 0; i < count; i++) {
      traffic.publish("in", Map.of("channel_id", "c" + i % 40, "text", large));
    }
  }

  /** Waits until all that was published is handled, or a dead letter, and nothing is pending. */
  private void awaitSettled(WorkerProcess worker, int handled, int letters) {
    await()
        .atMost(LONG)
        .failFast(() -> assertThat(worker.isAlive()).as(worker.log()).isTrue())
        .until(
            () ->
                requests.get() >= handled
                    && traffic.redis().xlen("dlq") >= letters
                    && group.isEmpty());
    assertThat(requests).hasValue(handled);
    assertThat(traffic.redis().xlen("dlq")).isEqualTo(letters);
  }

  @Test
  void manyLargeMessagesAreAllHandled() throws Exception {
    publishLarge(100, 2_000_000);
    try (WorkerProcess worker = worker()) {
      awaitSettled(worker, 100, 0);
    }
  }

  @Test
  void pendingEntriesOfAFormerProcessAreFetchedAsMemoryAllows() throws Exception {
    publishLarge(50, 2_000_000);
    group.deliverTo("w1", 30);
    group.deliverTo("gone", 20);
    try (WorkerProcess worker = worker("autoclaim: {interval: 300ms, minIdle: 5s}")) {
      awaitSettled(worker, 50, 0);
    }
  }

  @Test
  void anEntryThatCanNeverFitIsADeadLetterAndItsNeighboursAreHandled() throws Exception {
    traffic.publish("in", "a");
    publishLarge(1, 12_000_000);
    traffic.publish("in", "b");
    try (WorkerProcess worker = worker()) {
      awaitSettled(worker, 2, 1);

      Map<String, byte[]> letter =
          traffic.redis().xrange("dlq", Range.unbounded()).getFirst().getBody();
      assertThat(new String(letter.get("reason"), UTF_8)).isEqualTo("too_large");
      assertThat(letter.get("data")).hasSizeGreaterThan(12_000_000);
    }
  }

  @Test
  void anEntryThatCanNeverFitAndIsPendingAlreadyIsNotLoadedEither() throws Exception {
    publishLarge(3, 12_000_000);
    group.deliverTo("w1", 2);
    group.deliverTo("gone", 1);
    try (WorkerProcess worker = worker("autoclaim: {interval: 300ms, minIdle: 5s}")) {
      awaitSettled(worker, 0, 3);
    }
  }

  @Test
  void anEntryWithTooLongNamesIsADeadLetter() throws Exception {
    String channel = "c".repeat(200_000);
    String trace = "t".repeat(100_000);
    for (int i = 0; i < 200; i++) {
      traffic.publish("in", Map.of("channel_id", channel + i, "trace_id", trace + i));
    }
    traffic.publish("in", "c");
    try (WorkerProcess worker = worker()) {
      awaitSettled(worker, 1, 200);

      // Not the letters whole: a failure would print all that they hold.
      assertThat(GroupView.entries(traffic, "dlq"))
          .extracting(letter -> letter.get("reason") + ": " + letter.get("error"))
          .containsOnly("too_large: trace_id is longer than 1024 bytes");
    }
  }

  @Test
  void manyLargeAnswersAtOnceAreAllEmitted() throws Exception {
    answer =
        ("{\"outbound\":[{\"platform\":\"p\",\"payload\":{\"text\":\""
                + "x".repeat(7_000_000)
                + "\"}}]}")
            .getBytes(US_ASCII);
    for (int i = 0; i < 25; i++) {
      traffic.publish("in", "c" + i);
    }
    try (WorkerProcess worker =
        worker("outbound: {platforms: [q], handler: {builtin: Discard}, maxLength: 10}")) {
      awaitSettled(worker, 25, 0);
    }
  }

  @Test
  void manyThatWaitForTheirNextAttemptFitIntoTheHeap() throws Exception {
    status = 500;
    // Else it would look as if the endpoint were away, and nothing would be sent to it.
    fineEach = 3;
    for (int i = 0; i < 7_200; i++) {
      traffic.publish("in", Map.of("channel_id", "c" + i, "text", "x".repeat(1_000)));
    }
    try (WorkerProcess worker =
        worker(
            List.of(),
            heap("128m"),
            "read: {maxInFlight: 5000}",
            "retry: {initialBackoff: 24h, maxBackoff: 24h, maxAttempts: 2}",
            "autoclaim: {maxDeliveries: 3}")) {
      int port = worker.port();
      // Not the requests: of more than 200 connections the server closes some in mid-request.
      await()
          .atMost(LONG)
          .failFast("the worker ended", () -> !worker.isAlive())
          .until(
              () -> {
                String metrics = Probe.metrics(port);
                return count(metrics, FAILED) + count(metrics, HANDLED) == 7_200;
              });

      assertThat(group.rows()).hasSizeGreaterThan(4_500);
    }
  }

  private static double count(String metrics, String sample) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(sample))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length())))
        .sum();
  }

  /**
   * By the options of the image, in a control group with the smallest limit that is not refused.
   */
  @Test
  void theSmallestContainerHoldsThemToo() throws Exception {
    Optional<MemoryGroup> made = MemoryGroup.of(192 << 20);
    assumeThat(made).as("this machine lets us limit the memory of a process").isPresent();
    Path options = Path.of(System.getProperty("repository.root"), "worker", "jvm.options");
    publishLarge(4_000, 6_000);
    publishLarge(30, 2_000_000);
    try (MemoryGroup container = made.orElseThrow();
        WorkerProcess worker = worker(container.entering(), List.of("@" + options))) {
      awaitSettled(worker, 4_030, 0);

      assertThat(worker.log()).doesNotContain("memory limit");
    }
  }
}
