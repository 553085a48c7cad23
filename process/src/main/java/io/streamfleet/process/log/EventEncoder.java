package io.streamfleet.process.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/**
 * Encodes an event as one line of UTF-8. Stateless between events; the appender writes one event at
 * a time, and any thread may change the format.
 */
final class EventEncoder extends EncoderBase<ILoggingEvent> {

  /** Enough for an ordinary event. */
  private static final int USUAL_LENGTH = 256;

  private volatile LogFormat format;

  EventEncoder(LogFormat format) {
    this.format = format;
  }

  void use(LogFormat format) {
    this.format = format;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(USUAL_LENGTH);
    LineWriter writer = format.line(line);
    new EventFields(writer).write(event);
    writer.end();
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A line with the number of lines that were dropped before it. */
  byte[] dropped(long count, Clock clock) {
    StringBuilder text = new StringBuilder(USUAL_LENGTH);
    LineWriter writer = format.line(text);
    writer.field("ts", EventFields.TIME.format(clock.instant()));
    writer.field("level", "warn");
    writer.field("logger", QueuedLines.class.getName());
    writer.field("msg", "lines of the log were dropped: standard error was not read in time");
    writer.field("dropped", count);
    writer.end();
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
