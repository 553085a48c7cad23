package io.streamfleet.process.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/**
 * One event, one line of UTF-8. It keeps nothing between events; the appender around it writes one
 * event at a time, and the format may be changed by any thread.
 */
final class EventEncoder extends EncoderBase<ILoggingEvent> {

  /** An ordinary event fits without growing. */
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

  /** A line that tells how many lines are missing before it. */
  byte[] dropped(long count, Clock clock) {
    StringBuilder text = new StringBuilder(USUAL_LENGTH);
    LineWriter writer = format.line(text);
    writer.field("ts", EventFields.TIME.format(clock.instant()));
    writer.field("level", "warn");
    writer.field("logger", QueuedLines.class.getName());
    writer.field("msg", "lines of the log were dropped: nobody read them in time");
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
