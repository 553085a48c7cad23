package io.streamfleet.process.log;

import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The format of the process's log, and the flush before its end. */
public final class Logging {

  /** An output that has blocked for this long is given up at shutdown. */
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(1);

  private Logging() {}

  /** Sets the format for the following lines. Logfmt is the default. */
  public static void use(LogFormat format) {
    // With another SLF4J binding, as in some tests, the log is not ours to configure.
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      use(context, format);
    }
  }

  static void use(LoggerContext context, LogFormat format) {
    appender(context).ifPresent(lines -> lines.encoder().use(format));
  }

  /**
   * Waits until all logged lines are written, for a second at most. To be called before the process
   * is halted; a normal exit does it by itself. An interrupt ends the wait and is kept.
   */
  public static void flush() {
    try {
      if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
        flush(context, FLUSH_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static boolean flush(LoggerContext context, Duration timeout) throws InterruptedException {
    Optional<LineAppender> lines = appender(context);
    return lines.isEmpty() || lines.get().flush(timeout);
  }

  /** The number of lines that were dropped so far because standard error was not read in time. */
  public static long dropped() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        ? appender(context).map(LineAppender::dropped).orElse(0L)
        : 0;
  }

  private static Optional<LineAppender> appender(LoggerContext context) {
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(LogSetup.APPENDER)
            instanceof LineAppender lines
        ? Optional.of(lines)
        : Optional.empty();
  }
}
