package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.worker.entry.MachineFault;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the machine is to blame for is held against no message. */
class MachineFaultTest {

  @TempDir private Path folder;

  @Test
  void aFaultOfTheMachineCostsNoAttempt() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.payload().toMap().get("n") instanceof Number n
                  && n.longValue() == 0
                  && Files.notExists(folder.resolve("mended"))) {
                throw new UncheckedIOException(new SocketException("Too many open files"));
              }
              return Handled.nothing();
            });
    try (Fleet fleet = new Fleet()) {
      TestWorker worker =
          fleet.worker(
              QuickManifest.calm()
                  .with("retry", "{maxAttempts: 1, initialBackoff: 10ms, maxBackoff: 10ms}"),
              handler);
      fleet.publish("c", 2);
      await()
          .until(
              () -> worker.metric("streamfleet_machine_faults_total", "fault", "open_files") >= 2);
      assertThat(fleet.group().rows()).extracting(GroupView.Row::deliveries).containsOnly(1L);
      Files.createFile(folder.resolve("mended"));

      await().atMost(Duration.ofSeconds(20)).until(fleet::hasNothingPending);
      assertThat(handler.numbers("c")).as("its channel has waited").containsExactly(0L, 1L);
      assertThat(handler.started()).extracting(RecordingHandler.Call::attempt).containsOnly(1);
      assertThat(fleet.traffic().redis().exists("dlq")).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void itIsToldByTheWordsOfTheOperatingSystem(Throwable thrown, MachineFault fault) {
    assertThat(MachineFaults.in(thrown)).contains(fault);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(
            new InternalError(new SocketException("Too many open files")), MachineFault.OPEN_FILES),
        Arguments.of(
            new FileSystemException("/data/x", null, "Too many open files"),
            MachineFault.OPEN_FILES),
        Arguments.of(
            new IOException("write failed", new IOException("No space left on device")),
            MachineFault.DISK),
        Arguments.of(
            new OutOfMemoryError(
                "unable to create native thread: possibly out of memory or process/resource limits"
                    + " reached"),
            MachineFault.THREADS),
        Arguments.of(
            new OutOfMemoryError("Cannot reserve 65536 bytes of direct buffer memory"),
            MachineFault.MEMORY),
        Arguments.of(new ConnectException("Cannot assign requested address"), MachineFault.PORTS));
  }

  @ParameterizedTest
  @MethodSource("notTheMachines")
  void whatAMessageMayBringAboutIsNot(Throwable thrown) {
    assertThat(MachineFaults.in(thrown)).isEmpty();
  }

  static Stream<Throwable> notTheMachines() {
    return Stream.of(
        new OutOfMemoryError("Java heap space"),
        new IllegalStateException("too many open files"),
        new ConnectException("Connection refused"),
        new java.net.UnknownHostException("nowhere"));
  }
}
