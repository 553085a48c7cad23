package io.streamfleet.bench;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.TransientFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * The handler under measurement: records how long after their intended time entries reach it, and
 * writes the histogram when the worker closes it. It runs in the worker, whose clock is the
 * publisher's: both run on one machine.
 */
public final class Stopwatch implements MessageHandler {

  /** Payload field: when the entry should have been sent, in microseconds since the epoch. */
  static final String INTENDED = "intended_us";

  /** Option: the file for the histogram; without it nothing is recorded. */
  static final String FILE = "file";

  /** Option: the milliseconds for which each handler waits. */
  static final String WAIT = "wait";

  /** The option with the channel whose handler never ends. */
  static final String HANGS = "hangs";

  /** The option with the channel that is not recorded; what hangs is not, either. */
  static final String UNRECORDED = "unrecorded";

  /** The option with the percentage of messages that fail, by their number. */
  static final String FAILS = "fails";

  /** A thousandth is far below the variation between runs. */
  private static final int DIGITS = 3;

  private final Histogram micros = new ConcurrentHistogram(DIGITS);
  private Optional<Path> file = Optional.empty();
  private Duration wait = Duration.ZERO;
  private String hangs = "";
  private String unrecorded = "";
  private long fails;

  @Override
  public void start(HandlerContext context) {
    file = Optional.ofNullable(context.options().get(FILE)).map(Path::of);
    wait = Duration.ofMillis(Long.parseLong(context.options().getOrDefault(WAIT, "0")));
    hangs = context.options().getOrDefault(HANGS, "");
    unrecorded = context.options().getOrDefault(UNRECORDED, "");
    fails = Long.parseLong(context.options().getOrDefault(FAILS, "0"));
  }

  @Override
  public Handled handle(Message message) throws InterruptedException, TransientFailure {
    if (message.channel().equals(hangs)) {
      Thread.sleep(Duration.ofDays(1));
    }
    if (file.isPresent() && !message.channel().equals(unrecorded)) {
      long now = micros(Instant.now());
      if (message.payload().toMap().get(INTENDED) instanceof Long intended) {
        micros.recordValue(Math.max(0, now - intended));
      }
    }
    if (wait.isPositive()) {
      Thread.sleep(wait);
    }
    if (fails > 0
        && message.payload().toMap().get("message_id") instanceof String id
        && Long.parseLong(id) % 100 < fails) {
      throw new TransientFailure("one of those that fail");
    }
    return Handled.nothing();
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      ByteBuffer bytes = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
      int length = micros.encodeIntoCompressedByteBuffer(bytes);
      Files.write(file.get(), Arrays.copyOf(bytes.array(), length));
    }
  }

  /** Reads what {@link #close} has written. */
  static Histogram read(Path file) throws IOException {
    try {
      return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Files.readAllBytes(file)), 0);
    } catch (DataFormatException e) {
      throw new UncheckedIOException(new IOException(file + " holds no histogram", e));
    }
  }

  static long micros(Instant time) {
    return Math.addExact(time.getEpochSecond() * 1_000_000, time.getNano() / 1_000);
  }
}
