package io.streamfleet.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.local.fleet.WorkerJar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in this process. Through the launcher, see {@code LauncherIT}. */
class CommandsTest {

  private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  private int run(StringWriter output, String... arguments) {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.addAll(List.of("--root", ROOT.toString(), "--state", folder.resolve("fleet").toString()));
    return StreamfleetCommand.line()
        .setOut(new PrintWriter(output))
        .setErr(new PrintWriter(output))
        .execute(line.toArray(String[]::new));
  }

  private void assertEnds(int status, String says, String... arguments) {
    StringWriter output = new StringWriter();
    assertThat(run(output, arguments)).as(output.toString()).isEqualTo(status);
    assertThat(output.toString()).contains(says);
  }

  @Test
  void aFleetIsSeenAndUsedAndEndsWithItsLauncher() throws Exception {
    assumeThat(new WorkerJar(ROOT).jar()).as("made by the phase package: mvn verify").exists();
    Process launcher = new ProcessBuilder("sleep", "600").start();
    System.setProperty("streamfleet.launcher", Long.toString(launcher.pid()));
    StringWriter screen = new StringWriter();
    CompletableFuture<Integer> up = CompletableFuture.supplyAsync(() -> run(screen, "up"));
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> screen.toString().matches("(?s).*up: [1-9][0-9.]* entries a second.*"));
      assertThat(screen.toString()).contains("quickstart: workers 1/1, ready");

      assertEnds(0, "quickstart  True   1/1", "status");
      assertEnds(0, "msg=watching", "logs", "operator");
      assertEnds(0, "level=info", "logs", "quickstart-worker", "--tail", "1");
      assertEnds(0, "", "publish", "--count", "3");
      assertEnds(0, "", "dlq", "list");
      assertEnds(0, "", "dlq", "--help");
      assertEnds(2, "there are: quickstart", "dlq", "list", "--scg", "other");
      assertEnds(2, "the fleet has no slack; it has: inbound", "pause", "slack");
      assertEnds(0, "paused inbound of quickstart", "pause", "inbound");
      await().atMost(PATIENCE).untilAsserted(() -> assertEnds(0, "paused: inbound", "status"));
      assertEnds(0, "resumed the intake of quickstart", "resume");
      assertEnds(3, "a fleet is running already", "up");
    } finally {
      launcher.destroyForcibly();
      System.clearProperty("streamfleet.launcher");
    }
    assertThat(up.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
    assertThat(screen.toString()).contains("all settled, everything has ended");
    assertEnds(0, "no fleet is running", "down");
  }

  private Path compiled(String name, String source) throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".java"), source);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                file.toString());
    assertThat(status).isZero();
    return classes;
  }

  @Test
  void aHandlerInJavaIsFoundOnTheClassPathAndWhyAPodEndedIsSeen() throws Exception {
    assumeThat(new WorkerJar(ROOT).jar()).as("made by the phase package: mvn verify").exists();
    Path classes =
        compiled(
            "Silent",
            """
            package com.example;
            import io.streamfleet.handler.*;
            public class Silent implements MessageHandler {
              @Override public Handled handle(Message message) { return Handled.nothing(); }
            }
            """);
    Path manifest =
        Files.writeString(
            folder.resolve("two.yaml"),
            Stream.of("Silent", "Lost")
                .map(
                    it ->
                        """
                        ---
                        apiVersion: streamfleet.io/v1alpha1
                        kind: StreamConsumerGroup
                        metadata: {name: %s}
                        spec:
                          redis: {url: "redis://127.0.0.1:6379"}
                          inbound: {streams: ["%s"], handler: {class: com.example.%s}}
                        """
                            .formatted(it.toLowerCase(Locale.ROOT), it, it))
                .collect(Collectors.joining()));
    Process launcher = new ProcessBuilder("sleep", "600").start();
    System.setProperty("streamfleet.launcher", Long.toString(launcher.pid()));
    StringWriter screen = new StringWriter();
    String[] line = {
      "up", "--no-traffic", "-f", manifest.toString(), "--class-path", classes.toString()
    };
    CompletableFuture<Integer> up = CompletableFuture.supplyAsync(() -> run(screen, line));
    try {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  screen.toString().contains("silent: workers 1/1, ready")
                      && screen.toString().contains("container: exit status 2: no handler"));
      assertEnds(1, "exit status 2: no handler com.example.Lost", "status");
    } finally {
      launcher.destroyForcibly();
      System.clearProperty("streamfleet.launcher");
    }
    up.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void whatCannotBeDoneSaysWhatToDo() throws IOException {
    Path bad = folder.resolve("bad.yaml");
    Files.writeString(
        bad, "{redis: {url: 'redis://r:6379'}, inbound: {handler: {}}, workers: {replicas: -1}}");
    assertEnds(2, "workers.replicas: must be between 0 and 1000", "up", "-f", bad.toString());
    assertEnds(2, "exactly one of http, class, builtin", "up", "-f", bad.toString());
    assertEnds(2, "there is no file", "up", "-f", folder.resolve("none").toString());
    assertEnds(2, "--class-path: there is no", "up", "--class-path", "no-such.jar");
    assertEnds(3, "./streamfleet up starts one", "status");
    assertEnds(3, "./streamfleet up starts one", "publish");
    assertEnds(3, "./streamfleet up starts one", "pause");
    assertEnds(2, "there are: none", "logs", "nobody");
    assertEnds(0, "no fleet is running", "down");
  }

  @Test
  void whatTheMachineLacksIsNamed() throws IOException {
    assumeThat(new WorkerJar(ROOT).jar()).as("made by the phase package: mvn verify").exists();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      assertEnds(4, "is taken: pass another one by --port", "up", "--port", port);
    }
    StringWriter output = new StringWriter();
    assertThat(run(output, "up", "--redis-url", "redis://user:sec/ret@host")).isEqualTo(2);
    assertThat(output.toString()).contains("--redis-url").doesNotContain("sec/ret");
  }

  @Test
  void whatAKilledFleetLeftIsCleanedUp() throws IOException {
    Path state = folder.resolve("fleet");
    Files.createDirectories(state.resolve("pods/default_x"));
    Files.writeString(state.resolve("state.json"), "{\"pid\":1,");
    Files.writeString(state.resolve("processes"), "pod 2147483600 1\n");
    assertEnds(0, "an earlier fleet was killed", "down");
    try (var left = Files.list(state)) {
      assertThat(left.map(it -> it.getFileName().toString())).containsExactly("lock");
    }
  }
}
