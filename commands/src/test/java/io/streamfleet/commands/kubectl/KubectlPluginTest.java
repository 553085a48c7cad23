package io.streamfleet.commands.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamfleet.worker.fleet.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin, with a fake kubectl that answers from files and records how it was called. */
class KubectlPluginTest {

  private static final Path ROOT =
      Path.of(System.getProperty("repository.root", "..")).toAbsolutePath().normalize();

  private static final Path PLUGIN = ROOT.resolve("commands/kubectl/kubectl-streamfleet");

  @TempDir private Path folder;
  private Path calls;

  private record Run(int status, String output) {}

  @BeforeEach
  void standIn() throws IOException {
    calls = folder.resolve("calls");
    Files.createFile(calls);
    answer("scg", "chat\n");
    answer("pods", "chat-worker-0 2026-11-30T09:00:00Z\nchat-worker-1 \nchat-worker-2 \n");
    answer("handler-inbound", "{}");
    answer("handler-outbound", "");
    answer("platforms", "discord matrix");
    answer("paused", "matrix");
    Path kubectl = folder.resolve("kubectl");
    Files.writeString(
        kubectl,
        """
        #!/bin/sh
        for word; do printf '%s\\n' "[$word]"; done | tr '\\n' ' ' >>"$FOLDER/calls"
        echo >>"$FOLDER/calls"
        case "$*" in
          *' exec '* | 'exec '*) echo told by the pod; exit "$(cat "$FOLDER/exec-status" 2>/dev/null || echo 0)" ;;
          *'get pods'*) cat "$FOLDER/pods" ;;
          *spec.inbound.handler*) cat "$FOLDER/handler-inbound" ;;
          *spec.outbound.handler*) cat "$FOLDER/handler-outbound" ;;
          *spec.outbound.platforms*) cat "$FOLDER/platforms" ;;
          *spec.outbound.pausedPlatforms*) cat "$FOLDER/paused" ;;
          *'get streamconsumergroups.streamfleet.io '*) cat "$FOLDER/scg" ;;
          *patch*) echo patched ;;
        esac
        """);
    assertThat(kubectl.toFile().setExecutable(true)).isTrue();
  }

  private void answer(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private Run plugin(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", PLUGIN.toString()));
    command.addAll(List.of(words));
    Programs programs = new Programs(folder);
    ProcessBuilder program =
        programs.program(
            Map.of(
                "FOLDER",
                folder.toString(),
                "PATH",
                folder + File.pathSeparator + System.getenv("PATH")),
            command.toArray(String[]::new));
    int status = Programs.ended(program);
    return new Run(status, programs.output());
  }

  private String lastCall() throws IOException {
    return Files.readAllLines(calls).getLast();
  }

  private List<String> patches() throws IOException {
    return Files.readAllLines(calls).stream().filter(it -> it.contains("[patch]")).toList();
  }

  @Test
  void runsInAPodThatIsNotTerminating() throws Exception {
    Run run = plugin("why", "an entry", "-n", "prod", "--output=json");

    assertThat(run).isEqualTo(new Run(0, "told by the pod\n"));
    assertThat(lastCall())
        .startsWith("[--namespace=prod] [exec] [chat-worker-1] [-c] [worker] [--] [java] ")
        .endsWith(
            "[io.streamfleet.worker.Main] [why] [-f] [/etc/streamfleet/config/manifest.yaml]"
                + " [an entry] [--output=json] ");
  }

  @Test
  void optionsOfDlqFollowItsSubcommand() throws Exception {
    plugin("dlq", "replay", "--all", "--context", "east", "--scg", "chat");

    assertThat(lastCall())
        .startsWith("[--context=east] [exec] ")
        .endsWith("[dlq] [replay] [-f] [/etc/streamfleet/config/manifest.yaml] [--all] ");
  }

  @Test
  void exitsWithTheStatusOfTheCommand() throws Exception {
    answer("exec-status", "1");

    assertThat(plugin("check").status()).isEqualTo(1);
  }

  @Test
  void inflightAsksEveryPod() throws Exception {
    assertThat(plugin("inflight").output()).isEqualTo("told by the pod\ntold by the pod\n");
    assertThat(Files.readString(calls))
        .contains("[exec] [chat-worker-1] ", "[exec] [chat-worker-2] ")
        .doesNotContain("[exec] [chat-worker-0] ");
  }

  @Test
  void reportWritesToStandardOutput() throws Exception {
    plugin("report");

    assertThat(lastCall())
        .endsWith("[report] [-f] [/etc/streamfleet/config/manifest.yaml] [--to] [-] ");
  }

  @Test
  void needsTheNameIfThereAreSeveralFleets() throws Exception {
    answer("scg", "chat\nmail\n");

    assertThat(plugin("status").output()).contains("name one by --scg: chat mail");
    assertThat(plugin("status").status()).isEqualTo(2);
    assertThat(plugin("status", "--scg", "mail").status()).isZero();
    assertThat(Files.readString(calls)).contains("[streamfleet.io/group=mail]");
  }

  @Test
  void reportsWhatToDoWithoutAPod() throws Exception {
    answer("pods", "");

    Run run = plugin("status");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output()).contains("no pod of chat runs", "kubectl scale scg/chat --replicas=1");
  }

  @Test
  void pausePatchesTheResource() throws Exception {
    assertThat(plugin("pause").status()).isZero();
    assertThat(patches())
        .singleElement()
        .asString()
        .contains(
            "[streamconsumergroups.streamfleet.io/chat] [--type=merge] [-p]"
                + " [{\"spec\":{\"inbound\":{\"paused\":true}}}]");

    assertThat(plugin("pause", "outbound").output()).contains("chat has no outbound");
  }

  @Test
  void pausesAndResumesAPlatformAndKeepsTheOthers() throws Exception {
    plugin("pause", "discord");
    plugin("resume", "matrix");

    assertThat(patches())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .contains(
                        "{\"spec\":{\"outbound\":{\"pausedPlatforms\":[\"matrix\",\"discord\"]}}}"),
            second ->
                assertThat(second).contains("{\"spec\":{\"outbound\":{\"pausedPlatforms\":[]}}}"));
    assertThat(plugin("pause", "irc").output()).contains("no platform irc; it has: discord matrix");
  }

  @Test
  void helpNeedsNoCluster() throws Exception {
    assertThat(plugin("help").output()).contains("usage: kubectl streamfleet COMMAND");
    assertThat(plugin().status()).isZero();
    assertThat(plugin("--scg", "x").status()).isEqualTo(2);
    assertThat(Files.readString(calls)).isEmpty();
  }

  @Test
  void shellcheckFindsNothing() throws Exception {
    Optional<Path> shellcheck =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(path -> Path.of(path, "shellcheck"))
            .filter(Files::isExecutable)
            .findFirst();
    if (!"true".equals(System.getenv("CI"))) {
      assumeThat(shellcheck).as("shellcheck on the PATH").isPresent();
    }
    Programs programs = new Programs(folder);

    int status =
        Programs.ended(
            programs.program(Map.of(), shellcheck.orElseThrow().toString(), PLUGIN.toString()));

    assertThat(status).as(programs.output()).isZero();
  }
}
