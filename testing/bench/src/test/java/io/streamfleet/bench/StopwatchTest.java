package io.streamfleet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.handler.Direction;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.Payload;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopwatchTest {

  @TempDir Path folder;

  @Test
  void writesDownHowLateEntriesThatCarryTheirTimeWere() throws Exception {
    Path file = folder.resolve("histogram");
    try (Stopwatch stopwatch = new Stopwatch()) {
      stopwatch.start(
          new HandlerContext(Direction.INBOUND, "bench", Map.of(Stopwatch.FILE, file.toString())));

      long anHourAgo = Stopwatch.micros(Instant.now().minusSeconds(3_600));
      stopwatch.handle(new Sent(Map.of(Stopwatch.INTENDED, anHourAgo)));
      stopwatch.handle(new Sent(Map.of("n", 1L)));
    }

    Histogram micros = Stopwatch.read(file);
    assertThat(micros.getTotalCount()).isEqualTo(1);
    assertThat(micros.getMaxValue()).isBetween(3_590_000_000L, 3_700_000_000L);
  }

  /** A message of which only the payload matters. */
  private record Sent(Map<String, Object> fields) implements Message, Payload {

    @Override
    public String id() {
      return "1-0";
    }

    @Override
    public String stream() {
      return "stream";
    }

    @Override
    public Direction direction() {
      return Direction.INBOUND;
    }

    @Override
    public String channel() {
      return "channel";
    }

    @Override
    public Optional<String> traceId() {
      return Optional.empty();
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public Instant timestamp() {
      return Instant.EPOCH;
    }

    @Override
    public Payload payload() {
      return this;
    }

    @Override
    public Map<String, Object> toMap() {
      return fields;
    }

    @Override
    public byte[] toJson() {
      return new byte[0];
    }

    @Override
    public byte[] raw() {
      return new byte[0];
    }
  }
}
