package io.streamfleet.worker.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Load;
import io.streamfleet.worker.fleet.Probe;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import io.streamfleet.worker.recovery.NotedHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is a process, its manifest mounted as the kubelet does it, under load. */
class MountedSettingsTest {

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private String manifest(String inbound, String more) {
    return """
    redis: {url: "%s", commandTimeout: 2s}
    inbound: {%sstreams: [in], group: g, handler: {class: %s, options: {notes: "%s"}}}
    """
            .formatted(redis.url(), inbound, NotedHandler.class.getName(), notes())
        + more;
  }

  private Path notes() {
    return folder.resolve("notes");
  }

  private Set<String> handled() throws IOException {
    return NotedHandler.read(notes()).stream()
        .filter(line -> line.startsWith("ended "))
        .map(line -> line.split(" ", -1)[1])
        .collect(Collectors.toSet());
  }

  private static void awaitMetric(WorkerProcess worker, String sample) throws IOException {
    int port = worker.port();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(Probe.metrics(port)).contains(sample));
  }

  private static void awaitLog(WorkerProcess worker, String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(worker.log()).contains(text));
  }

  private static long times(String text, String part) {
    return text.lines().filter(line -> line.contains(part)).count();
  }

  @Test
  void changesUnderLoadApplyWithoutARestartAndLoseNothing() throws Exception {
    MountedManifest mounted =
        new MountedManifest(Files.createDirectory(folder.resolve("etc")), manifest("", ""));
    try (WorkerProcess worker =
            WorkerProcess.start(
                    folder,
                    List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                    List.of("-f", mounted.file().toString(), "--consumer", "w1", "--port", "0"))
                .awaitConsuming();
        Load load = Load.on(redis.url(), "in")) {
      await().until(() -> !handled().isEmpty());
      long process = worker.pid();

      mounted.change(manifest("", "read: {maxInFlight: 3, batchSize: 2}\n"));
      awaitMetric(worker, "streamfleet_in_flight_limit{loop=\"inbound\",} 3.0");
      mounted.change(manifest("paused: true, ", "read: {maxInFlight: 3}\n"));
      awaitMetric(worker, "streamfleet_paused{loop=\"inbound\",stream=\"in\",group=\"g\",} 1.0");
      await().until(group::isEmpty);
      int before = handled().size();
      int published = load.published().size();
      await().until(() -> load.published().size() > published + 50);
      assertThat(handled()).hasSize(before);

      // What cannot be used changes nothing, and is said once for each time that it comes.
      mounted.change("redis: {url: nonsense");
      awaitMetric(worker, "streamfleet_settings_refused 1.0");
      awaitMetric(worker, "streamfleet_in_flight_limit{loop=\"inbound\",} 3.0");
      assertThat(handled()).hasSize(before);

      // What needs a restart is said, and the rest applies.
      mounted.change(manifest("", "read: {maxInFlight: 77, block: 1s}\n"));
      awaitMetric(worker, "streamfleet_in_flight_limit{loop=\"inbound\",} 77.0");
      awaitMetric(worker, "streamfleet_settings_refused 0.0");
      awaitLog(worker, "fields=spec.read.block");
      mounted.change(manifest("", "read: {maxInFlight: 78, block: 1s}\n"));
      awaitMetric(worker, "streamfleet_in_flight_limit{loop=\"inbound\",} 78.0");

      Set<String> all = load.stop();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> handled().containsAll(all) && group.isEmpty());
      assertThat(worker.pid()).isEqualTo(process);
      assertThat(times(worker.log(), "the manifest cannot be used")).isEqualTo(1);
      assertThat(times(worker.log(), "need a restart")).isEqualTo(1);
      assertThat(traffic.redis().xlen("sg:stream:dlq")).isZero();
    }
  }
}
