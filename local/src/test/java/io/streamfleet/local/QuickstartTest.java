package io.streamfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class QuickstartTest {

  /** The pom gives the tests of this module a folder of their own for temporary files. */
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  @BeforeAll
  static void makeTheFolderOfTemporaryFiles() throws IOException {
    Files.createDirectories(TEMPORARY);
  }

  @Test
  void showsMessagesInBothDirectionsAndLeavesNothingBehind() throws IOException {
    List<Path> files = temporaryFiles();

    Run run = Run.quickstart("--for", "6s");

    assertThat(run.output())
        .containsPattern("stream=sg:stream:outbound:discord channel=1100000000000000\\d+")
        .containsPattern("stream=sg:stream:outbound:matrix channel=!channel\\d:example.org")
        .containsPattern("[1-9]\\d* inbound and [1-9]\\d* outbound read, [1-9]\\d* acknowledged")
        .contains("msg=drained settled=true")
        .contains("the worker ended with status 0");
    assertThat(run.status()).isZero();
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(temporaryFiles()).isEqualTo(files);
  }

  @Test
  void tellsFirstWhatIsEmbeddedAndWhatIsForProduction() {
    Run run = Run.quickstart("--for", "1ms");
    assertThat(run.output().lines().limit(4).toList())
        .satisfiesExactly(
            line -> assertThat(line).contains("embedded").contains("in memory"),
            line -> assertThat(line).contains("real: the worker"),
            line -> assertThat(line).contains("sample traffic"),
            line -> assertThat(line).contains("Kubernetes, with your own Redis"));
  }

  @Test
  void aTakenPortEndsItWithTheWorkersAdvice() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      Run run = Run.quickstart("--port", Integer.toString(taken.getLocalPort()));
      assertThat(run.output()).contains("set another one by --port");
      assertThat(run.status()).isEqualTo(1);
    }
  }

  @Test
  void aRedisThatIsNotThereEndsItWithThePlaceToLook() throws IOException {
    Run run = Run.quickstart("--redis-url", "redis://127.0.0.1:" + closedPort());
    assertThat(run.output()).contains("is the URL right?");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void anAddressThatIsNoneIsBadUsageAndTellsNoPassword() {
    Run run = Run.quickstart("--redis-url", "redis://user:sec/ret@host");
    assertThat(run.output()).contains("--redis-url: redis://***@host").doesNotContain("sec/ret");
    assertThat(run.status()).isEqualTo(2);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(TEMPORARY)) {
      return files.filter(it -> it.toString().contains("streamfleet")).sorted().toList();
    }
  }
}
