package io.streamfleet.process.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueuedLinesTest {

  private static final byte[] LONG = ("x".repeat(10_000) + "\n").getBytes(UTF_8);

  private final Pipe pipe = new Pipe();
  private final QueuedLines lines =
      new QueuedLines(pipe, dropped -> ("dropped " + dropped + "\n").getBytes(UTF_8));

  @AfterEach
  void open() {
    pipe.reader.countDown();
  }

  /** Takes nothing until somebody reads it. */
  private static final class Pipe extends OutputStream {

    private final CountDownLatch reader = new CountDownLatch(1);
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      try {
        reader.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts the writer", e);
      }
      synchronized (read) {
        read.write(bytes, from, length);
      }
    }

    private List<String> lines() {
      synchronized (read) {
        return read.toString(UTF_8).lines().toList();
      }
    }
  }

  private void add(String line) {
    lines.add((line + "\n").getBytes(UTF_8));
  }

  @Test
  void linesAreWrittenInTheirOrder() throws Exception {
    pipe.reader.countDown();
    lines.start();
    for (int i = 0; i < 1_000; i++) {
      add("" + i);
    }

    assertThat(lines.flush(Duration.ofSeconds(20))).isTrue();
    assertThat(pipe.lines()).hasSize(1_000).first().isEqualTo("0");
    assertThat(pipe.lines().getLast()).isEqualTo("999");
    assertThat(lines.dropped()).isZero();
  }

  @Test
  void whoLogsGoesOnThoughNobodyReadsAndWhatIsDroppedIsCountedAndTold() throws Exception {
    lines.start();
    for (int i = 0; i < 1_000; i++) {
      lines.add(LONG);
    }
    assertThat(lines.dropped()).isPositive();
    assertThat(lines.flush(Duration.ofMillis(10))).as("nobody reads").isFalse();
    long dropped = lines.dropped();

    pipe.reader.countDown();
    assertThat(lines.flush(Duration.ofSeconds(20))).isTrue();
    assertThat(pipe.lines()).contains("dropped " + dropped).hasSize((int) (1_001 - dropped));
  }

  @Test
  void aHandlerWaitsForRoomAsLongAsTheOutputMovesAndNotForOneThatStandsStill() throws Exception {
    lines.start();
    Thread handler =
        Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < 500; i++) {
                lines.add(LONG);
              }
            });
    assertThat(handler.join(Duration.ofSeconds(30))).as("it does not wait for ever").isTrue();
    long before = lines.dropped();
    assertThat(before).isPositive();

    pipe.reader.countDown();
    assertThat(lines.flush(Duration.ofSeconds(20))).isTrue();
    CountDownLatch done = new CountDownLatch(1);
    Thread.startVirtualThread(
        () -> {
          for (int i = 0; i < 500; i++) {
            lines.add(LONG);
          }
          done.countDown();
        });
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    await().until(() -> lines.flush(Duration.ofSeconds(1)));
    assertThat(lines.dropped()).as("all of them had room in time").isEqualTo(before);
  }
}
