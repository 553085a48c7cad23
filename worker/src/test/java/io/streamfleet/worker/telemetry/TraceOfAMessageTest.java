package io.streamfleet.worker.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import io.streamfleet.worker.telemetry.OtlpReceiver.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets from workers that are processes, and what it does not. */
class TraceOfAMessageTest {

  private static final byte[] ANSWER =
      "{\"outbound\":[{\"platform\":\"chat\",\"payload\":{\"channel_id\":\"c\"}}]}".getBytes(UTF_8);

  /** A request of a worker to the handler. */
  private record Request(String consumer, String attempt, String hop, String state, String start) {}

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final OtlpReceiver collector = new OtlpReceiver();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer handler;

  @BeforeEach
  void start() throws IOException {
    handler = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    handler.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    handler.createContext("/in", this::handle);
    handler.createContext("/out", exchange -> answer(exchange, 204, new byte[0]));
    handler.start();
  }

  @AfterEach
  void close() {
    over.countDown();
    handler.stop(0);
    collector.close();
    traffic.close();
    redis.close();
  }

  /** The first attempt fails, the second never ends, the third is answered. */
  private void handle(HttpExchange exchange) throws IOException {
    String attempt = exchange.getRequestHeaders().getFirst("ce-attempt");
    requests.add(
        new Request(
            exchange.getRequestHeaders().getFirst("ce-consumer"),
            attempt,
            String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")),
            String.valueOf(exchange.getRequestHeaders().getFirst("tracestate")),
            String.valueOf(exchange.getRequestHeaders().getFirst("ce-traceparent"))));
    switch (attempt) {
      case "1" -> answer(exchange, 500, new byte[0]);
      case "2" -> {
        try {
          over.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        exchange.close();
      }
      default -> answer(exchange, 200, ANSWER);
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private WorkerProcess worker(String name, String telemetry, String... jvmOptions)
      throws IOException {
    Path manifest = folder.resolve(name + ".yaml");
    String url = "http://127.0.0.1:" + handler.getAddress().getPort();
    Files.writeString(
        manifest,
        """
        redis: {url: "%s"}
        inbound:
          streams: [in]
          group: g
          ordering: {lockTtl: 1s}
          handler: {http: {url: "%s/in", timeout: 60s}}
        outbound: {platforms: [chat], group: gateways, handler: {http: {url: "%s/out"}}}
        autoclaim: {interval: 300ms, minIdle: 1s, maxDeliveries: 10}
        retry: {initialBackoff: 10ms, maxBackoff: 100ms, maxAttempts: 10}
        read: {block: 100ms}
        %s
        """
            .formatted(redis.url(), url, url, telemetry));
    List<String> options =
        new ArrayList<>(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    options.addAll(List.of(jvmOptions));
    return WorkerProcess.start(
        folder,
        List.of("env", "OTEL_BSP_SCHEDULE_DELAY=50", "OTEL_SERVICE_NAME=bot"),
        options,
        List.of("-f", manifest.toString(), "--consumer", name, "--port", "0"));
  }

  private void publish(Map<String, String> fields) {
    Map<String, byte[]> all = new HashMap<>();
    fields.forEach((name, value) -> all.put(name, Traffic.text(value)));
    all.put("data", new PayloadWriter().write(Map.of("channel_id", "c")));
    traffic.redis().xadd("in", all);
  }

  private Request request(String attempt) {
    return requests.stream().filter(it -> it.attempt().equals(attempt)).findFirst().orElseThrow();
  }

  /** Nothing is sampled here but by the publisher's decision. */
  @Test
  void isWholeThoughItFailedOnceChangedHandsAndWasEmitted() throws Exception {
    String traces = "telemetry: {traces: {endpoint: '" + collector.url() + "', sampleRatio: 0}}";
    try (WorkerProcess first = worker("w1", traces);
        WorkerProcess second = worker("w2", traces)) {
      first.awaitConsuming();
      second.awaitConsuming();
      publish(Map.of("traceparent", TraceContextTest.VALID, "tracestate", "congo=1"));
      await().until(() -> requests.size() == 2);
      // The first attempt is recorded by now; the second dies with its worker.
      await().until(() -> collector.span("process in").isPresent());
      String dies = request("2").consumer();
      (dies.equals("w1") ? first : second).kill();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> collector.span("process sg:stream:outbound:chat").isPresent());

      List<Span> attempts =
          collector.spans().stream().filter(it -> it.name().equals("process in")).toList();
      assertThat(collector.spans())
          .allSatisfy(
              span -> {
                assertThat(span.traceId()).isEqualTo(TraceContextTest.TRACE);
                assertThat(span.resource()).containsEntry("service.name", "bot");
                assertThat(span.attribute("messaging.system")).isEqualTo("redis");
              });
      assertThat(attempts)
          .hasSize(2)
          .allSatisfy(
              span -> {
                assertThat(span.parentId()).isEqualTo(TraceContextTest.PARENT);
                assertThat(span.kind()).isEqualTo(5);
                assertThat(span.attributes())
                    .containsEntry("messaging.operation.name", "process")
                    .containsEntry("messaging.destination.name", "in")
                    .containsEntry("messaging.consumer.group.name", "g")
                    .containsEntry("streamfleet.channel", "c")
                    .containsKey("messaging.message.id");
              });
      Span failed = attempts.getFirst();
      Span answered = attempts.getLast();
      assertThat(failed.attribute("streamfleet.attempt")).isEqualTo("1");
      assertThat(failed.isError()).isTrue();
      assertThat(failed.status()).contains("500");
      assertThat(failed.events()).containsExactly("exception");
      assertThat(answered.attribute("streamfleet.attempt")).isEqualTo("3");
      assertThat(answered.isError()).isFalse();
      assertThat(answered.resource().get("service.instance.id")).isNotEqualTo(dies);

      Span sent = collector.span("send sg:stream:outbound:chat").orElseThrow();
      assertThat(sent.parentId()).isEqualTo(answered.spanId());
      assertThat(sent.kind()).isEqualTo(4);
      assertThat(collector.span("process sg:stream:outbound:chat").orElseThrow().parentId())
          .isEqualTo(sent.spanId());

      assertThat(requests).extracting(Request::start).containsOnly(TraceContextTest.VALID);
      assertThat(requests).extracting(Request::state).containsOnly("congo=1");
      assertThat(request("1").hop()).isEqualTo(hop(failed));
      assertThat(request("2").hop()).startsWith("00-" + TraceContextTest.TRACE + "-");
      assertThat(request("3").hop()).isEqualTo(hop(answered));
    }
  }

  private static String hop(Span span) {
    return "00-" + span.traceId() + "-" + span.spanId() + "-01";
  }

  @Test
  void withoutTelemetryNoClassOfOpenTelemetryIsLoaded() throws Exception {
    Path classes = folder.resolve("classes.log");
    try (WorkerProcess worker = worker("w1", "", "-Xlog:class+load:file=" + classes)) {
      worker.awaitConsuming();
      publish(Map.of("traceparent", TraceContextTest.VALID));
      await().until(() -> requests.size() == 2);
      worker.terminate();
      over.countDown();
      worker.awaitExit();
    }
    assertThat(classes).content().contains("io.streamfleet.worker.telemetry.NoTracing ");
    assertThat(Files.readAllLines(classes))
        .filteredOn(line -> line.contains("io.opentelemetry."))
        .isEmpty();
    assertThat(request("1").hop()).isEqualTo(TraceContextTest.VALID);
  }
}
