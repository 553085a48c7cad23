package io.streamfleet.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("processes");
  }

  /** A process with two children, which it says the numbers of. */
  static final class Parent {

    private Parent() {}

    public static void main(String[] args) throws IOException {
      ChildProcesses children = ChildProcesses.guarded(Path.of(args[0]));
      for (ChildProcesses.Role role : ChildProcesses.Role.values()) {
        Process child = sleeper();
        children.add(child.toHandle(), role);
        System.out.println(child.pid());
      }
      LockSupport.park();
    }
  }

  private static Process sleeper() throws IOException {
    return new ProcessBuilder("sleep", "600").start();
  }

  @Test
  void childrenOfAParentThatIsKilledAreEnded() throws IOException {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                file().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = parent.inputReader()) {
      ProcessHandle pod = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
      ProcessHandle last = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
      assertThat(Files.readAllLines(file())).hasSize(2);

      parent.destroyForcibly();

      assertThat(ChildProcesses.awaitEnd(pod, PATIENCE)).isTrue();
      assertThat(ChildProcesses.awaitEnd(last, PATIENCE)).isTrue();
      await().atMost(PATIENCE).until(() -> !Files.exists(file()));
    }
  }

  @Test
  void whoComesLaterEndsThoseThatAreStillTheSame() throws Exception {
    Process ours = sleeper();
    Process foreign = sleeper();
    try {
      long started = ours.info().startInstant().orElseThrow().toEpochMilli();
      Files.writeString(
          file(),
          "pod %d %d\nserver %d %d\npod 2147483600 1\n"
              .formatted(ours.pid(), started, foreign.pid(), started - 60_000));

      assertThat(ChildProcesses.endThoseOf(file())).isEqualTo(1);

      assertThat(ours.isAlive()).isFalse();
      assertThat(foreign.isAlive()).isTrue();
      assertThat(file()).doesNotExist();
      assertThat(ChildProcesses.endThoseOf(file())).isZero();
    } finally {
      ours.destroyForcibly();
      foreign.destroyForcibly().waitFor();
    }
  }

  @Test
  void childrenThatEndedAreForgottenAndTheOthersLive() throws Exception {
    try (ChildProcesses children = ChildProcesses.guarded(file())) {
      Process one = sleeper();
      Process two = sleeper();
      children.add(one.toHandle(), ChildProcesses.Role.POD);
      children.add(two.toHandle(), ChildProcesses.Role.SERVER);
      one.destroyForcibly().waitFor();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Files.readAllLines(file()))
                      .singleElement()
                      .asString()
                      .startsWith("server " + two.pid() + " "));
      two.destroyForcibly().waitFor();
    }
    assertThat(file()).doesNotExist();
  }
}
