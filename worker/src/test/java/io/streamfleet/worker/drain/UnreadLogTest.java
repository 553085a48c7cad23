package io.streamfleet.worker.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.Probe;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose standard output and error are a pipe that is full, and that nobody reads. */
class UnreadLogTest {

  /** At some 200 bytes a line, many times the 64 KiB that a pipe takes. */
  private static final int MESSAGES = 3_000;

  @TempDir private Path folder;

  @Test
  void continuesAndEndsOnSigterm() throws Exception {
    Path manifest = folder.resolve("manifest.yaml");
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      Files.writeString(
          manifest,
          """
          redis: {url: "%s", commandTimeout: 2s}
          inbound: {streams: [in], group: g, handler: {builtin: Log}}
          workers: {drainTimeout: 5s}
          """
              .formatted(redis.url()));
      GroupView group = new GroupView(traffic, "in", "g").created();
      for (int i = 0; i < MESSAGES; i++) {
        traffic.publish("in", "c" + i % 50);
      }
      int port = freePort();
      try (WorkerProcess worker =
          WorkerProcess.startUnread(
              folder,
              List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
              List.of(
                  "-f", manifest.toString(), "--consumer", "w1", "--port", String.valueOf(port)))) {
        await().atMost(Duration.ofSeconds(60)).until(() -> read(group) == MESSAGES);
        await().atMost(Duration.ofSeconds(30)).until(group::isEmpty);
        // A connection that breaks is told of by the threads of the client: they must go on.
        traffic.redis().clientKill(io.lettuce.core.KillArgs.Builder.skipme());
        traffic.publish("in", "c");
        await().until(() -> read(group) == MESSAGES + 1 && group.isEmpty());
        await().until(() -> Probe.status(port, "/readyz") == 200);
        assertThat(Probe.status(port, "/healthz")).isEqualTo(200);
        assertThat(Probe.metrics(port)).contains("streamfleet_log_lines_dropped_total");

        worker.terminate();
        assertThat(worker.awaitExit()).isZero();
      }
      assertThat(group.consumers()).isEmpty();
    }
  }

  private static long read(GroupView group) {
    return group.traffic().redis().xinfoGroups(group.stream()).stream()
        .map(List.class::cast)
        .mapToLong(
            fields -> {
              int at = 0;
              while (!text(fields.get(at)).equals("entries-read")) {
                at += 2;
              }
              return fields.get(at + 1) instanceof Long count ? count : 0;
            })
        .sum();
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
        : String.valueOf(value);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
