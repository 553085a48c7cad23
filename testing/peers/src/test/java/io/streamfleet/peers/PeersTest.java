package io.streamfleet.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.peers.Peer.Consumption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {

  private static final Duration A_WHILE = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration AT_ONCE = Duration.ZERO;

  private static final RedisServer SERVER = RedisServer.builder().closedByCaller().start();

  @TempDir Path folder;
  private final Group group = new Group(SERVER.url());
  private @Nullable Process process;

  @AfterAll
  static void closeServer() {
    SERVER.close();
  }

  @AfterEach
  void closeGroup() {
    group.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "spring", "redisson"})
  void goesThroughAStreamAndLeavesNothing(String peer) {
    group.add(2_000, 10);
    Witness witness = new Witness(AT_ONCE);

    try (Consumption _ = start(peer, "one", false, witness)) {
      await().atMost(A_WHILE).until(() -> witness.handled() == 2_000);
    }

    assertThat(group.pending()).isZero();
    assertThat(group.consumers()).containsExactly("one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "spring", "redisson"})
  void neverHandlesAChannelTwiceAtOnceWhereverItIsRead(String peer) {
    group.add(300, 3);
    Witness witness = new Witness(Duration.ofMillis(2));

    try (Consumption _ = start(peer, "one", true, witness);
        Consumption _ = start(peer, "two", true, witness)) {
      await().atMost(A_WHILE).until(() -> witness.handled() == 300);
    }

    assertThat(witness.mostInChannel()).isEqualTo(1);
    assertThat(witness.mostInAll()).isBetween(2, 3);
    assertThat(group.pending()).isZero();
    assertThat(group.otherKeys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "spring", "redisson"})
  void takesOverWhatADeadConsumerLeft(String peer) {
    group.add(250, 10);
    group.readAndDie(250);
    Witness witness = new Witness(AT_ONCE);

    try (Consumption _ =
        peer(peer).start(group.assignment("one", false, Duration.ofMillis(500)), witness)) {
      await().atMost(A_WHILE).until(() -> witness.handled() == 250);
    }

    assertThat(group.pending()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "spring", "redisson"})
  void writesDownWhatItHasRecordedWhenItsProcessIsToEnd(String peer) throws Exception {
    Path file = folder.resolve("histogram");
    group.add(500, 10);
    Process one = process(peer, "time:" + file, "false");

    await().atMost(A_WHILE).until(() -> group.read() == 500 && group.pending() == 0);
    one.destroy();

    assertThat(one.waitFor()).isEqualTo(143);
    ByteBuffer written = ByteBuffer.wrap(Files.readAllBytes(file));
    assertThat(Histogram.decodeFromCompressedByteBuffer(written, 0).getTotalCount()).isEqualTo(500);
  }

  @Test
  void endsWithAnErrorWhenAHandlerFails() throws Exception {
    group.add(1, 1);
    // A payload that is no map.
    group.addBroken();
    Process one = process("lettuce", "discard", "false");

    assertThat(one.waitFor()).isEqualTo(1);
    assertThat(new String(one.getInputStream().readAllBytes(), UTF_8)).contains("no msgpack map");
  }

  @Test
  void saysWhoThereIs() throws IOException {
    JsonNode peers = new ObjectMapper().readTree(Peers.describe());

    assertThat(peers.findValuesAsText("id")).containsExactly("lettuce", "spring", "redisson");
    for (JsonNode peer : peers) {
      assertThat(peer.get("version").asText())
          .containsPattern("\\d+\\.\\d+")
          .doesNotContain("null");
      assertThat(peer.get("configuration").asText()).contains("ordered");
      assertThat(peer.get("doesNotGuarantee")).isNotEmpty();
    }
  }

  @Test
  void refusesAHandlerThatThereIsNot() {
    assertThatThrownBy(() -> EntryHandler.of("juggle:3")).hasMessageContaining("juggle");
  }

  private Consumption start(String peer, String consumer, boolean ordered, EntryHandler handler) {
    return peer(peer).start(group.assignment(consumer, ordered, LONG), handler);
  }

  private static Peer peer(String id) {
    return Peers.ALL.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }

  /** A test that failed is not to leave a process behind. */
  @AfterEach
  void endProcess() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private Process process(String peer, String handler, String ordered) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What watches the coverage of this process watches that one's, too.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(it -> it.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Peers.class.getName(),
            peer,
            handler,
            SERVER.url(),
            Group.STREAM,
            Group.NAME,
            "one",
            ordered,
            "60000",
            "30000"));
    Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
    process = started;
    return started;
  }
}
