package io.streamfleet.process.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Configures Logback when the first logger is created; Logback finds this class by ServiceLoader.
 * It is code, because parsing XML added 0.3 s to a start that should handle the first entry within
 * 1 s.
 *
 * <p>Lines are queued and written by a separate thread: standard error may be a pipe that nobody
 * reads, and then every thread that logs would block, event loops included. The last lines are
 * written at shutdown.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

  /** The environment variable, or system property of the same name, with the log level. */
  static final String LEVEL = "STREAMFLEET_LOG_LEVEL";

  static final String APPENDER = "stderr";

  /** At DEBUG some of them log several lines for each command, with its arguments. */
  private static final List<String> QUIET =
      List.of(
          "io.lettuce",
          "io.netty",
          "io.fabric8",
          "io.javaoperatorsdk",
          "Default ConfigurationService implementation");

  /**
   * They log every failed attempt of every connection, the second with a stack trace for an
   * unusable certificate. {@code io.streamfleet.redis} logs it once.
   */
  private static final List<String> REPETITIVE =
      List.of("io.lettuce.core.protocol.ConnectionWatchdog", "io.netty.channel.ChannelInitializer");

  /** It warns at each start that an alpha version is an alpha version. */
  private static final String VERSION_WARNING =
      "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils";

  private final Map<String, String> environment;
  private final boolean isProcess;

  /** For ServiceLoader. */
  public LogSetup() {
    this(System.getenv(), true);
  }

  LogSetup(Map<String, String> environment) {
    this(environment, false);
  }

  private LogSetup(Map<String, String> environment, boolean isProcess) {
    this.environment = environment;
    this.isProcess = isProcess;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    EventEncoder encoder = new EventEncoder(LogFormat.LOGFMT);
    encoder.setContext(context);
    encoder.start();

    LineAppender appender = new LineAppender(encoder, StandardError.INSTANCE);
    appender.setContext(context);
    appender.setName(APPENDER);
    appender.start();
    if (isProcess) {
      flushAtShutdown();
    }

    Optional<String> configured = configured();
    @Nullable Level level = configured.map(name -> Level.toLevel(name.strip(), null)).orElse(null);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(level == null ? Level.INFO : level);
    for (String library : QUIET) {
      context.getLogger(library).setLevel(Level.WARN);
    }
    for (String logger : REPETITIVE) {
      context.getLogger(logger).setLevel(Level.ERROR);
    }
    context.getLogger(VERSION_WARNING).setLevel(Level.ERROR);

    if (configured.isPresent() && level == null) {
      context
          .getLogger(LogSetup.class)
          .atWarn()
          .addKeyValue("given", configured.get())
          .log(LEVEL + " is not a level; take one of error, warn, info, debug, trace, off");
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void flushAtShutdown() {
    try {
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("last-lines").unstarted(Logging::flush));
    } catch (IllegalStateException e) {
      // The first line is logged during the shutdown: it is flushed at once.
      Logging.flush();
    }
  }

  private Optional<String> configured() {
    return Optional.ofNullable(System.getProperty(LEVEL))
        .or(() -> Optional.ofNullable(environment.get(LEVEL)))
        .filter(level -> !level.isBlank());
  }

  /** The present standard error at each write, without the lock of its printing methods. */
  private static final class StandardError extends OutputStream {

    private static final StandardError INSTANCE = new StandardError();

    @Override
    public void write(int one) {
      System.err.write(one);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      System.err.write(bytes, from, length);
    }

    @Override
    public void flush() {
      System.err.flush();
    }
  }
}
