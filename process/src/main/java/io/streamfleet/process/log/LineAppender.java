package io.streamfleet.process.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;

/** Encodes events on the thread that logs them; {@link QueuedLines} writes the lines. */
final class LineAppender extends AppenderBase<ILoggingEvent> {

  private final EventEncoder encoder;
  private final QueuedLines lines;

  LineAppender(EventEncoder encoder, OutputStream out) {
    this.encoder = encoder;
    this.lines = new QueuedLines(out, dropped -> encoder.dropped(dropped, Clock.systemUTC()));
  }

  EventEncoder encoder() {
    return encoder;
  }

  @Override
  public void start() {
    lines.start();
    super.start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(encoder.encode(event));
  }

  long dropped() {
    return lines.dropped();
  }

  boolean flush(Duration timeout) throws InterruptedException {
    return lines.flush(timeout);
  }
}
