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
 * Sets Logback up when the first logger is asked for; Logback finds it by ServiceLoader. In code,
 * because parsing XML was measured to add 0.3 s to a start that has 1 s to the first entry.
 *
 * <p>Lines are queued and written by a thread of their own: standard error may be a pipe that
 * nobody reads, and then whoever wrote to it would stand still, the loops of the process with it.
 * The last lines are written before the process ends.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

  /** The variable, or the system property of the same name, that holds the level. */
  static final String LEVEL = "STREAMFLEET_LOG_LEVEL";

  static final String APPENDER = "stderr";

  /** At DEBUG some write several lines for each command, arguments included. */
  private static final List<String> QUIET =
      List.of(
          "io.lettuce",
          "io.netty",
          "io.fabric8",
          "io.javaoperatorsdk",
          "Default ConfigurationService implementation");

  /**
   * They say at each try of each connection that it failed, the second with a stack where a
   * certificate cannot be used. {@code io.streamfleet.redis} says it once.
   */
  private static final List<String> REPETITIVE =
      List.of("io.lettuce.core.protocol.ConnectionWatchdog", "io.netty.channel.ChannelInitializer");

  /** It warns at each start that an alpha version is one. */
  private static final String OBVIOUS =
      "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils";

  private final Map<String, String> environment;
  private final boolean ofTheProcess;

  /** For ServiceLoader. */
  public LogSetup() {
    this(System.getenv(), true);
  }

  LogSetup(Map<String, String> environment) {
    this(environment, false);
  }

  private LogSetup(Map<String, String> environment, boolean ofTheProcess) {
    this.environment = environment;
    this.ofTheProcess = ofTheProcess;
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
    if (ofTheProcess) {
      flushAtTheEnd();
    }

    Optional<String> asked = asked();
    @Nullable Level level = asked.map(name -> Level.toLevel(name.strip(), null)).orElse(null);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(level == null ? Level.INFO : level);
    for (String library : QUIET) {
      context.getLogger(library).setLevel(Level.WARN);
    }
    for (String logger : REPETITIVE) {
      context.getLogger(logger).setLevel(Level.ERROR);
    }
    context.getLogger(OBVIOUS).setLevel(Level.ERROR);

    if (asked.isPresent() && level == null) {
      context
          .getLogger(LogSetup.class)
          .atWarn()
          .addKeyValue("given", asked.get())
          .log(LEVEL + " is not a level; take one of error, warn, info, debug, trace, off");
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void flushAtTheEnd() {
    try {
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("last-lines").unstarted(Logging::flush));
    } catch (IllegalStateException e) {
      // The first line is said while the process ends already: what is left of it is enough.
      Logging.flush();
    }
  }

  private Optional<String> asked() {
    return Optional.ofNullable(System.getProperty(LEVEL))
        .or(() -> Optional.ofNullable(environment.get(LEVEL)))
        .filter(level -> !level.isBlank());
  }

  /** Whatever standard error is at the moment of a write, past the lock of its printing methods. */
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
