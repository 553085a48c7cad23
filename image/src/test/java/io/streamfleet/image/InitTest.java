package io.streamfleet.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.embedded.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A pod ends when it is told to, at whatever moment of its start; and says how it ended. */
class InitTest {

  private static final Path REPOSITORY = Path.of(System.getProperty("repository.root"));
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir private static Path folder;
  private static Path init;

  /** When a pod is deleted. */
  enum Moment {
    PROCESS_1_IS_THERE,
    JAVA_IS_THERE,
    IT_SERVES
  }

  @BeforeAll
  static void compile() throws Exception {
    assumeThat(System.getProperty("os.name")).as("images are built on Linux").isEqualTo("Linux");
    Compiler.assumeThere();
    init = folder.resolve("init");
    Init.compile(Init.source(REPOSITORY), init);
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void aWorkerEndsWhenItIsToldToAtAnyMoment(Moment moment) throws Exception {
    try (RedisServer redis = RedisServer.plain()) {
      Path manifest =
          Files.writeString(
              folder.resolve("worker.yaml"),
              """
              redis: {url: "%s"}
              inbound: {streams: [in], group: workers, handler: {builtin: Discard}}
              """
                  .formatted(redis.url()));
      List<String> arguments =
          List.of("run", "-f", manifest.toString(), "--consumer", "it", "--port", "0");

      endsWhenItIsToldTo(moment, Program.WORKER, Map.of(), arguments);
    }
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void anOperatorEndsWhenItIsToldToAtAnyMoment(Moment moment) throws Exception {
    try (ApiServer server = ApiServer.start()) {
      server.apply(
          Files.readString(REPOSITORY.resolve("crds/streamconsumergroups.streamfleet.io.yaml")));

      endsWhenItIsToldTo(
          moment,
          Program.OPERATOR,
          Map.of(
              "KUBECONFIG",
              server.kubeconfig().write(folder.resolve("kubeconfig")).toString(),
              "STREAMFLEET_PORT",
              "0",
              "POD_NAME",
              "it"),
          List.of());
    }
  }

  private static void endsWhenItIsToldTo(
      Moment moment, Program program, Map<String, String> environment, List<String> arguments)
      throws Exception {
    assumeThat(program.jar(REPOSITORY)).as("made by the phase package").exists();
    List<String> command = new ArrayList<>(program.entrypoint());
    assertThat(command.getFirst()).isEqualTo(Init.PLACE);
    command.set(0, init.toString());
    command.set(1, JAVA.toString());
    command.set(command.indexOf("-cp") + 1, program.jar(REPOSITORY).toString());
    command.addAll(arguments);

    try (Container container = Container.run(folder.resolve("output"), environment, command)) {
      ProcessHandle first = container.first(init);
      switch (moment) {
        case PROCESS_1_IS_THERE -> container.awaitThatItHears(first);
        case JAVA_IS_THERE -> container.second(first, JAVA);
        case IT_SERVES -> container.awaitOutput("serving metrics and health");
      }
      first.destroy();

      assertThat(container.status()).as("%s", container.output()).isNotEmpty();
      assertThat(container.status().orElseThrow()).isIn(0, 143);
    }
  }

  @ParameterizedTest
  @CsvSource({"exit 0,0", "exit 7,7", "kill -9 $$,137", "kill -TERM $$,143"})
  void itsStatusIsTheProgramsOwn(String script, int status) throws Exception {
    Process process = new ProcessBuilder(init.toString(), "/bin/sh", "-c", script).start();

    assertThat(process.waitFor()).isEqualTo(status);
  }

  @Test
  void whatCannotBeStartedIsNamed() throws Exception {
    Process process =
        new ProcessBuilder(init.toString(), "/nowhere/java").redirectErrorStream(true).start();

    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .isEqualTo("init: cannot start /nowhere/java\n");
    assertThat(process.waitFor()).isEqualTo(127);
  }

  @ParameterizedTest
  @CsvSource({"HUP", "INT", "QUIT", "USR1", "TERM"})
  void aSignalIsTheProgramsToAnswer(String signal) throws Exception {
    String script =
        "trap 'echo got "
            + signal
            + "; exit 5' "
            + signal
            + "; echo ready; while :; do read -r line; done";
    try (Container container =
        Container.run(
            folder.resolve("output"),
            Map.of(),
            List.of(init.toString(), "/bin/bash", "-c", script))) {
      container.awaitOutput("ready");
      ProcessHandle first = container.first(init);
      new ProcessBuilder("kill", "-" + signal, Long.toString(first.pid())).start().waitFor();

      assertThat(container.status()).hasValue(5);
      assertThat(container.output()).contains("got " + signal);
    }
  }

  @Test
  void orphansLeaveNoZombies() throws Exception {
    // Each inner shell leaves a child that outlives it for a moment, and is then nobody's.
    String script =
        "for i in 1 2 3 4 5; do sh -c 'sleep 0.01 & exit'; done; echo ready; read -r line";
    try (Container container =
        Container.run(
            folder.resolve("output"),
            Map.of(),
            List.of(init.toString(), "/bin/bash", "-c", script + " < <(sleep 60)"))) {
      container.awaitOutput("ready");
      ProcessHandle first = container.first(init);

      org.awaitility.Awaitility.await()
          .untilAsserted(() -> assertThat(first.children()).hasSize(1));
    }
  }

  @Test
  void aMachineWithoutACompilerIsToldWhatIsLacking() {
    assertThatThrownBy(() -> Init.compile(folder.resolve("missing.c"), folder.resolve("none")))
        .isInstanceOf(BuildFailure.class)
        .hasMessageContaining("apt-get install gcc libc6-dev")
        .hasMessageContaining("missing.c");
  }
}
