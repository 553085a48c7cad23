package io.streamfleet.process.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/** What the command line decides about the log. */
public final class Logging {

  private Logging() {}

  /** From the next line on the log has this format. Logfmt is what it has until then. */
  public static void use(LogFormat format) {
    // Under another SLF4J binding (a test's, say) the log is not ours to shape.
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      use(context, format);
    }
  }

  static void use(LoggerContext context, LogFormat format) {
    Appender<ILoggingEvent> appender =
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(LogSetup.APPENDER);
    if (appender instanceof OutputStreamAppender<ILoggingEvent> lines
        && lines.getEncoder() instanceof EventEncoder encoder) {
      encoder.use(format);
    }
  }
}
