package io.streamfleet.worker.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A worker that is called wrongly says so, ends with 2, and leaves Redis alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsageTest {

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();

  @AfterAll
  void close() {
    redis.close();
  }

  static Stream<Arguments> mistakes() {
    String good =
        """
        redis: {url: REDIS}
        inbound: {handler: {builtin: Discard}}
        """;
    return Stream.of(
        Arguments.of("an unknown field", good + "inbund: {}", List.of(), "inbund"),
        Arguments.of(
            "two mistakes at once",
            "{redis: {url: REDIS}, inbound: {handler: {}}, read: {batchSize: 0}}",
            List.of(),
            "batchSize"),
        Arguments.of("no YAML", "redis: {url: [", List.of(), "line 1, column"),
        Arguments.of("what is no plain run", good, List.of("--replicas", "3"), "run -f FILE"),
        Arguments.of(
            "an address that is none",
            good,
            List.of("--redis-url", "redis://user:sec/ret@host"),
            "--redis-url: redis://***@host cannot be read"),
        Arguments.of(
            "an address in the manifest that is none",
            good.replace("REDIS", "'redis://host:99999'"),
            List.of(),
            "spec.redis.url: redis://host:99999 cannot be read"),
        Arguments.of("a missing file", good, List.of("-f", "/no/such/file.yaml"), "/no/such/file"),
        Arguments.of(
            "a handler that is not there",
            "{redis: {url: REDIS}, inbound: {handler: {class: com.example.Missing}}}",
            List.of(),
            "com.example.Missing"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void isToldWhatIsWrong(String mistake, String manifest, List<String> options, String told)
      throws Exception {
    Path file = folder.resolve("manifest.yaml");
    Files.writeString(file, manifest.replace("REDIS", '"' + redis.url() + '"'));
    List<String> arguments = new ArrayList<>(List.of("--consumer", "w1", "--port", "0"));
    if (!options.contains("-f")) {
      arguments.addAll(List.of("-f", file.toString()));
    }
    arguments.addAll(options);
    try (Traffic traffic = new Traffic(redis.url())) {
      long connectionsBefore = connections(traffic);
      try (WorkerProcess worker =
          WorkerProcess.start(folder, List.of("-XX:TieredStopAtLevel=1"), arguments)) {
        assertThat(worker.awaitExit()).as(worker.log()).isEqualTo(2);
        assertThat(worker.log()).contains(told).doesNotContain("sec/ret");
      }
      assertThat(connections(traffic)).as("connections to Redis").isEqualTo(connectionsBefore);
      assertThat(GroupView.calls(traffic, "xgroup|create")).isZero();
    }
  }

  private static long connections(Traffic traffic) {
    return traffic
        .redis()
        .info("stats")
        .lines()
        .filter(line -> line.startsWith("total_connections_received:"))
        .mapToLong(line -> Long.parseLong(line.split(":", 2)[1].strip()))
        .findFirst()
        .orElseThrow();
  }
}
