package io.streamfleet.process.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.LoggerFactory;

@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class LogSetupTest {

  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream standardError = System.err;

  @BeforeEach
  void listen() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setErr(standardError);
    System.clearProperty(LogSetup.LEVEL);
    context.stop();
  }

  @Test
  void logbackFindsItWithoutAnyFile() {
    assertThat(LoggerFactory.getILoggerFactory())
        .isInstanceOfSatisfying(
            LoggerContext.class,
            found ->
                assertThat(
                        found
                            .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                            .getAppender(LogSetup.APPENDER))
                    .isNotNull());
  }

  @Test
  void linesGoToStandardErrorInLogfmtFromInfoUp() {
    setUp(Map.of());
    context.getLogger("io.streamfleet.A").info("said");
    context.getLogger("io.streamfleet.A").debug("unsaid");

    assertThat(lines()).singleElement().asString().contains("level=info").endsWith(" msg=said");
  }

  @Test
  void theClientLibrariesSpeakFromWarnUpWhateverTheLevel() {
    setUp(Map.of(LogSetup.LEVEL, "debug"));
    context.getLogger("io.lettuce.core.RedisChannelHandler").info("unsaid");
    context.getLogger("io.netty.util.internal").info("unsaid");
    context.getLogger("io.lettuce.core.RedisChannelHandler").warn("said");
    context.getLogger("io.streamfleet.A").debug("said");

    assertThat(lines()).hasSize(2).allMatch(line -> line.endsWith("msg=said"));
  }

  @Test
  void theSystemPropertyGoesBeforeTheVariable() {
    System.setProperty(LogSetup.LEVEL, "ERROR");
    setUp(Map.of(LogSetup.LEVEL, "debug"));

    assertThat(level()).isEqualTo(Level.ERROR);
  }

  @Test
  void aLevelThatIsNoneIsInfoAndSaidSo() {
    setUp(Map.of(LogSetup.LEVEL, "loud"));

    assertThat(level()).isEqualTo(Level.INFO);
    assertThat(lines()).singleElement().asString().contains("level=warn", "given=loud", "debug");
  }

  @Test
  void anEmptyVariableIsNoLevelAskedFor() {
    setUp(Map.of(LogSetup.LEVEL, " "));

    assertThat(level()).isEqualTo(Level.INFO);
    assertThat(lines()).isEmpty();
  }

  @Test
  void theFormatHoldsFromTheNextLineOn() {
    setUp(Map.of());
    context.getLogger("a").info("first");
    Logging.use(context, LogFormat.JSON);
    context.getLogger("a").info("second");
    Logging.use(context, LogFormat.LOGFMT);
    context.getLogger("a").info("third");

    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0)).startsWith("ts=").endsWith("msg=first");
    assertThat(lines().get(1)).startsWith("{\"ts\":").endsWith("\"msg\":\"second\"}");
    assertThat(lines().get(2)).startsWith("ts=").endsWith("msg=third");
  }

  @Test
  void choosingTheFormatOfTheRunningLogWorks() {
    try {
      Logging.use(LogFormat.JSON);
      LoggerFactory.getLogger("a").info("said");
    } finally {
      Logging.use(LogFormat.LOGFMT);
    }

    assertThat(lines()).last().asString().startsWith("{\"ts\":");
  }

  private void setUp(Map<String, String> environment) {
    assertThat(new LogSetup(environment).configure(context))
        .isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
  }

  private Level level() {
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getLevel();
  }

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
