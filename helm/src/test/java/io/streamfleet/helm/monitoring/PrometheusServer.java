package io.streamfleet.helm.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real Prometheus, which looks at a fleet each second. */
final class PrometheusServer implements AutoCloseable {

  private final Process process;
  private final Path log;
  private final String url;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param scrapeConfigs the list under {@code scrape_configs}
   */
  PrometheusServer(Path folder, List<Path> ruleFiles, String scrapeConfigs) throws IOException {
    Path configuration = folder.resolve("prometheus.yaml");
    Files.writeString(
        configuration,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [%s]
        scrape_configs:
        %s"""
            .formatted(
                ruleFiles.stream()
                    .map(file -> "\"" + file.toAbsolutePath() + "\"")
                    .collect(Collectors.joining(", ")),
                scrapeConfigs.indent(2)),
        UTF_8);
    int port = freePort();
    url = "http://127.0.0.1:" + port;
    log = folder.resolve("prometheus.log");
    process =
        new ProcessBuilder(
                PrometheusTools.require("prometheus").toString(),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The samples that a query brings now; none while it is not up. */
  List<JsonNode> query(String expression) throws InterruptedException {
    JsonNode answer = ask("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
    if (answer.path("status").asText("").equals("error")) {
      throw new IllegalArgumentException(answer.path("error").asText() + " in " + expression);
    }
    return answer.path("data").path("result").valueStream().toList();
  }

  /** The rules as it has evaluated them. */
  List<JsonNode> rules() throws InterruptedException {
    return ask("/api/v1/rules")
        .path("data")
        .path("groups")
        .valueStream()
        .flatMap(group -> group.path("rules").valueStream())
        .toList();
  }

  /** The alerts that fire, and those that are about to. */
  List<JsonNode> alerts() throws InterruptedException {
    return ask("/api/v1/alerts").path("data").path("alerts").valueStream().toList();
  }

  private JsonNode ask(String path) throws InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("prometheus ended:\n" + Shipped.read(log));
    }
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
      return JsonMapper.builder().build().readTree(answer.body());
    } catch (IOException e) {
      // Not up yet, or still loading: whoever waits asks again.
      return JsonMapper.builder().build().createObjectNode();
    }
  }

  @Override
  public void close() throws InterruptedException {
    http.close();
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
