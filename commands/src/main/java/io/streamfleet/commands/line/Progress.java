package io.streamfleet.commands.line;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Prints the progress of a long operation to standard error, at most once per second. */
public final class Progress {

  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  private final PrintWriter err;
  private final LongSupplier nanos;
  private long last;

  /**
   * @param nanos a monotonic clock in nanoseconds, such as {@link System#nanoTime()}
   */
  public Progress(PrintWriter err, LongSupplier nanos) {
    this.err = err;
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  /** Prints nothing: for what a program asks. */
  public static Progress silent() {
    return new Progress(new PrintWriter(Writer.nullWriter()), () -> 0);
  }

  /** Prints the line, unless a line was printed, or this object created, within the last second. */
  public void at(Supplier<String> line) {
    long now = nanos.getAsLong();
    if (now - last >= EVERY) {
      last = now;
      err.println(line.get());
    }
  }

  /** Notes that the command has printed a result, so that the next progress waits for a second. */
  public void spoken() {
    last = nanos.getAsLong();
  }
}
