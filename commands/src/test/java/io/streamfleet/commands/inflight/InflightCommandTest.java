package io.streamfleet.commands.inflight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamfleet.commands.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command against a fake worker with the reply from the worker's InFlightTest. */
class InflightCommandTest {

  private static final String ANSWER =
      """
      {"streams":[{"stream":"in","group":"g","consumer":"w1","in_flight":2,"parked":0,
      "waiting_for_room":0,"entries":[
      {"id":"1-1","attempt":1,"state":"waiting","in_flight_ms":90000},
      {"id":"1-2","attempt":2,"state":"handled","in_flight_ms":80000,"handled_ms":70000}]}]}
      """;

  @TempDir private Path folder;
  private HttpServer worker;

  @BeforeEach
  void serve() throws IOException {
    worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    worker.createContext(
        "/inflight",
        exchange -> {
          try (exchange) {
            byte[] body = ANSWER.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    worker.start();
  }

  @AfterEach
  void stop() {
    worker.stop(0);
  }

  private CommandRun inflight(String... more) throws IOException {
    Path manifest = folder.resolve("manifest.yaml");
    Files.writeString(
        manifest,
        """
        redis: {url: "redis://127.0.0.1:6379"}
        inbound: {handler: {builtin: Discard}}
        workers: {port: %d}
        """
            .formatted(worker.getAddress().getPort()));
    List<String> args = new ArrayList<>(List.of("inflight", "-f", manifest.toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  @Test
  void longestRunningHandlersComeFirst() throws IOException {
    CommandRun run = inflight();

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out().lines().toList().get(1))
        .containsPattern("1-2 +in +w1 +handled +1m10s +1m20s +2");
    assertThat(run.out().lines().toList().get(2))
        .containsPattern("1-1 +in +w1 +waiting +- +1m30s +1");
    assertThat(run.summary()).isEqualTo("2 of 2 in flight");
  }

  @Test
  void jsonHasEachEntryWithItsConsumer() throws IOException {
    assertThat(inflight("--output", "json", "--limit", "1").out())
        .contains("\"id\":\"1-2\"", "\"handled_ms\":70000", "\"consumer\":\"w1\"")
        .doesNotContain("1-1");
  }

  @Test
  void reportsAWorkerThatDoesNotAnswer() throws IOException {
    worker.stop(0);

    CommandRun run = inflight();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("http://127.0.0.1:", "does not answer");
  }
}
