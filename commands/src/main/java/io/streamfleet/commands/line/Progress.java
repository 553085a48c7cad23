package io.streamfleet.commands.line;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A line on standard error for whoever waits, and none for what is done at once. */
public final class Progress {

  /** Often enough to be believed, rarely enough to be read. */
  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  private final PrintWriter err;
  private final LongSupplier nanos;
  private long last;

  /**
   * @param nanos the time that passes, as of {@link System#nanoTime()}
   */
  public Progress(PrintWriter err, LongSupplier nanos) {
    this.err = err;
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  /** Says where things are, unless something was said a moment ago. */
  public void at(Supplier<String> line) {
    long now = nanos.getAsLong();
    if (now - last >= EVERY) {
      last = now;
      err.println(line.get());
    }
  }

  /** Something else was said. */
  public void spoken() {
    last = nanos.getAsLong();
  }
}
