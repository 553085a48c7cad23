package io.streamfleet.process.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointsTest {

  private final Health health = new Health();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpEndpoints endpoints;

  @BeforeEach
  void open() throws IOException {
    endpoints =
        HttpEndpoints.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "--port", health, registry);
  }

  @AfterEach
  void close() {
    endpoints.close();
    client.close();
  }

  @Test
  void aWellWorkerAnswersOkToBothProbes() throws Exception {
    assertThat(get("/healthz")).returns(200, HttpResponse::statusCode);
    assertThat(get("/healthz").body()).isEqualTo("ok\n");
    assertThat(get("/readyz")).returns(200, HttpResponse::statusCode);
  }

  @Test
  void aWorkerThatIsNotReadyAnswers503WithALineForEachProblemAndIsStillAlive() throws Exception {
    health.requireForReadiness("redis", () -> Optional.of("not connected"));
    health.requireForReadiness("groups", () -> Optional.of("none present"));

    HttpResponse<String> ready = get("/readyz");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).isEqualTo("groups: none present\nredis: not connected\n");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void aWorkerThatIsNotAliveAnswers503() throws Exception {
    health.requireForLife("loop reader", () -> Optional.of("stuck"));

    HttpResponse<String> alive = get("/healthz");
    assertThat(alive.statusCode()).isEqualTo(503);
    assertThat(alive.body()).isEqualTo("loop reader: stuck\n");
  }

  @Test
  void aPageOfItsOwnIsJsonAndOneThatCannotBeToldIsA503() throws Exception {
    try (HttpEndpoints more =
        HttpEndpoints.open(
            "127.0.0.1",
            0,
            "--port",
            health,
            registry,
            Map.of(
                "/inflight",
                () -> "{}",
                "/busy",
                () -> {
                  throw new TimeoutException("busy");
                }))) {
      URI base = URI.create("http://127.0.0.1:" + more.port());
      HttpResponse<String> page =
          client.send(
              HttpRequest.newBuilder(base.resolve("/inflight")).build(), BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).isEqualTo("{}");
      assertThat(page.headers().firstValue("Content-Type")).hasValue("application/json");

      HttpResponse<String> busy =
          client.send(
              HttpRequest.newBuilder(base.resolve("/busy")).build(), BodyHandlers.ofString());
      assertThat(busy.statusCode()).isEqualTo(503);
      assertThat(busy.body()).contains("busy");
    }
    assertThat(get("/inflight").statusCode()).isEqualTo(404);
  }

  @Test
  void metricsAreShownInTheTextFormatWithoutTimesOfBirth() throws Exception {
    twoEntriesWereRead();

    HttpResponse<String> scrape = get("/metrics");
    assertThat(scrape.statusCode()).isEqualTo(200);
    assertThat(scrape.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(scrape.body())
        .contains("# TYPE streamfleet_entries_read_total counter\n")
        .contains("streamfleet_entries_read_total{stream=\"s\",group=\"g\",} 2.0\n")
        .doesNotContain("_created");
  }

  @Test
  void whoAcceptsOpenMetricsGetsIt() throws Exception {
    twoEntriesWereRead();

    HttpResponse<String> scrape =
        send("/metrics", r -> r.header("Accept", "application/openmetrics-text; version=1.0.0"));
    assertThat(scrape.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(scrape.body())
        .contains("# TYPE streamfleet_entries_read counter\n")
        .contains("streamfleet_entries_read_total{stream=\"s\",group=\"g\"} 2.0\n")
        .doesNotContain("_created")
        .endsWith("# EOF\n");
  }

  @Test
  void metricsThatFailToBeCollectedAreAnErrorAndNotAHang() throws Exception {
    new Collector() {
      @Override
      public List<MetricFamilySamples> collect() {
        throw new IllegalStateException("broken on purpose");
      }
    }.register(registry);

    assertThat(get("/metrics").statusCode()).isEqualTo(500);
  }

  @Test
  void anyOtherPathIsNotFoundAndTheAnswerListsWhatThereIs() throws Exception {
    for (String path : List.of("/", "/healthzz", "/metrics/x")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.body()).contains("/healthz\n", "/readyz\n", "/metrics\n");
    }
  }

  @Test
  void onlyReadingIsAllowed() throws Exception {
    HttpResponse<String> answer =
        send("/healthz", r -> r.POST(HttpRequest.BodyPublishers.ofString("x")));

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @Test
  void headIsAnsweredLikeGetWithoutTheBody() throws Exception {
    HttpResponse<String> answer =
        send("/healthz", r -> r.method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void aTakenPortIsAnErrorThatSaysWhichAndWhatToDo() {
    int taken = endpoints.port();

    assertThatThrownBy(
            () ->
                HttpEndpoints.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), taken),
                    "--port",
                    health,
                    registry))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("port " + taken)
        .hasMessageContaining("--port");
  }

  @Test
  void byDefaultItServesOnEveryInterfaceOnAPortOfTheMachinesChoice() throws Exception {
    try (HttpEndpoints everywhere = HttpEndpoints.open(null, 0, "--port", health, registry)) {
      assertThat(everywhere.port()).isPositive();
      URI uri = URI.create("http://localhost:" + everywhere.port() + "/healthz");
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(path, UnaryOperator.identity());
  }

  private HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> with)
      throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + endpoints.port() + path);
    HttpRequest request =
        with.apply(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10))).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private void twoEntriesWereRead() {
    Counter.build("streamfleet_entries_read_total", "Entries read.")
        .labelNames("stream", "group")
        .register(registry)
        .labels("s", "g")
        .inc(2);
  }
}
