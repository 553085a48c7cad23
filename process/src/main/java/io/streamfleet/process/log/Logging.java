package io.streamfleet.process.log;

import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** What the process decides about the log: its format, and that it is written before the end. */
public final class Logging {

  /** An output that takes nothing for so long will not do it later: the process ends without it. */
  private static final Duration LAST_LINES = Duration.ofSeconds(1);

  private Logging() {}

  /** From the next line on the log has this format. Logfmt is what it has until then. */
  public static void use(LogFormat format) {
    // Under another SLF4J binding (a test's, say) the log is not ours to shape.
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      use(context, format);
    }
  }

  static void use(LoggerContext context, LogFormat format) {
    appender(context).ifPresent(lines -> lines.encoder().use(format));
  }

  /**
   * Waits until what was said is written, a second at the most. For who halts the process; where it
   * ends otherwise this is done by itself. An interrupt ends the wait, and is kept.
   */
  public static void flush() {
    try {
      if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
        flush(context, LAST_LINES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static boolean flush(LoggerContext context, Duration patience) throws InterruptedException {
    Optional<LineAppender> lines = appender(context);
    return lines.isEmpty() || lines.get().flush(patience);
  }

  /** How many lines were dropped since the start because nobody read them in time. */
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
