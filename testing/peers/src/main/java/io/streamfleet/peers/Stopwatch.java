package io.streamfleet.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Records how long after their intended time entries arrive, and writes the histogram at the end:
 * the same field and the same file format as the bench's stopwatch in the worker.
 */
final class Stopwatch implements EntryHandler {

  private static final String INTENDED = "intended_us";
  private static final int DIGITS = 3;

  private final Histogram micros = new ConcurrentHistogram(DIGITS);
  private final Path file;

  Stopwatch(Path file) {
    this.file = file;
  }

  @Override
  public void handle(Map<String, Object> payload) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    if (payload.get(INTENDED) instanceof Long intended) {
      micros.recordValue(Math.max(0, now - intended));
    }
  }

  @Override
  public void close() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
    int length = micros.encodeIntoCompressedByteBuffer(bytes);
    Files.write(file, Arrays.copyOf(bytes.array(), length));
  }
}
