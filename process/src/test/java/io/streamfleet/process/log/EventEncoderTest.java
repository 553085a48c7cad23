package io.streamfleet.process.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.KeyValuePair;

class EventEncoderTest {

  private static final Instant TIME = Instant.parse("2026-11-23T14:00:00.020Z");
  private static final String HOSTILE =
      "a\nb\r\tc\"d\\e=f \u0000\u001b[31m\u007f\u0085\u2028\ud800 ü 😀";

  @Test
  void logfmtHasTheKeysInOrderAndQuotesOnlyWhereNeeded() {
    LoggingEvent event = event("group is there");
    event.addKeyValuePair(new KeyValuePair("stream", "sg:stream:inbound"));
    event.addKeyValuePair(new KeyValuePair("entries", 12L));
    event.addKeyValuePair(new KeyValuePair("new", true));
    event.addKeyValuePair(new KeyValuePair("empty", ""));
    event.setMDCPropertyMap(Map.of("channel", "42"));

    assertThat(logfmt(event))
        .isEqualTo(
            "ts=2026-11-23T14:00:00.020Z level=info logger=io.streamfleet.Test"
                + " msg=\"group is there\" stream=sg:stream:inbound entries=12 new=true empty=\"\""
                + " channel=42\n");
  }

  @Test
  void jsonHasTheSameKeysAndKeepsNumbersAndBooleans() {
    LoggingEvent event = event("group is there");
    event.addKeyValuePair(new KeyValuePair("entries", 12));
    event.addKeyValuePair(new KeyValuePair("ratio", 0.5));
    event.addKeyValuePair(new KeyValuePair("new", true));
    event.addKeyValuePair(new KeyValuePair("nobody", null));
    event.addKeyValuePair(new KeyValuePair("undefined", Double.NaN));

    assertThat(json(event))
        .isEqualTo(
            "{\"ts\":\"2026-11-23T14:00:00.020Z\",\"level\":\"info\","
                + "\"logger\":\"io.streamfleet.Test\",\"msg\":\"group is there\",\"entries\":12,"
                + "\"ratio\":0.5,\"new\":true,\"nobody\":null,\"undefined\":\"NaN\"}\n");
  }

  @Test
  void theAbsentValueIsToldFromTheWord() {
    LoggingEvent event = event("x");
    event.addKeyValuePair(new KeyValuePair("absent", null));
    event.addKeyValuePair(new KeyValuePair("word", "null"));

    assertThat(logfmt(event)).endsWith(" absent=null word=\"null\"\n");
  }

  @ParameterizedTest
  @EnumSource
  void anEventIsOneLineWhateverItHolds(LogFormat format) {
    LoggingEvent event = event(HOSTILE, new IllegalStateException(HOSTILE, new Error(HOSTILE)));
    event.addKeyValuePair(new KeyValuePair(HOSTILE, HOSTILE));
    event.setMDCPropertyMap(Map.of("m\n" + HOSTILE, HOSTILE));

    String line = encoded(format, event);

    assertThat(line).endsWith("\n");
    assertThat(line.substring(0, line.length() - 1))
        .doesNotContainPattern("[\\p{Cntrl}\u0085\u2028]");
  }

  @Test
  void whatJsonEscapesReadsBackAsItWas() throws IOException {
    String writable = HOSTILE.replace("\ud800", "");
    JsonNode read = new ObjectMapper().readTree(json(event(writable)));

    assertThat(read.get("msg").asText()).isEqualTo(writable);
  }

  @Test
  void aThrowableIsItsHeadlineAndItsFramesWithThoseOfItsCauses() throws IOException {
    Throwable cause = new IOException("connection reset");
    JsonNode read =
        new ObjectMapper()
            .readTree(json(event("failed", new IllegalStateException("no read", cause))));

    assertThat(read.get("error").asText()).isEqualTo("java.lang.IllegalStateException: no read");
    assertThat(read.get("stack").asText())
        .startsWith("at io.streamfleet.process.log.EventEncoderTest.")
        .contains("\ncaused by: java.io.IOException: connection reset\n");
    assertThat(read.get("stack").asText().lines()).hasSizeLessThan(30);
  }

  @Test
  void aChainOfCausesThatEndsInItselfEnds() {
    Exception first = new Exception("first");
    first.initCause(new Exception("second", first));

    assertThat(logfmt(event("failed", first))).contains("error=\"java.lang.Exception: first\"");
  }

  @Test
  void aThrowableWithoutMessageIsItsClass() {
    assertThat(logfmt(event("failed", new IllegalStateException())))
        .contains(" error=java.lang.IllegalStateException stack=");
  }

  @Test
  void aKeyThatIsTakenGetsAnUnderscoreAndTheContextGivesWay() {
    LoggingEvent event = event("x");
    event.addKeyValuePair(new KeyValuePair("msg", "own"));
    event.addKeyValuePair(new KeyValuePair("a b", 1));
    event.addKeyValuePair(new KeyValuePair("a=b", 2));
    event.setMDCPropertyMap(new TreeMap<>(Map.of("a_b", "context", "msg", "context")));

    assertThat(logfmt(event)).endsWith(" msg=x msg_=own a_b=1 a_b_=2\n");
  }

  @Test
  void aPasswordInAUrlIsNowhereInTheLine() {
    String url = "cannot connect to redis://worker:secret@redis:6379";
    LoggingEvent event = event(url, new IllegalStateException(url, new Error(url)));
    event.addKeyValuePair(new KeyValuePair("url", url));
    event.setMDCPropertyMap(Map.of("server", url));

    assertThat(logfmt(event)).contains("redis://***@redis:6379").doesNotContain("secret");
    assertThat(json(event)).contains("redis://***@redis:6379").doesNotContain("secret");
  }

  @Test
  void aHugeValueIsCutAndSaysSo() {
    assertThat(logfmt(event("x".repeat(100_000))))
        .hasSizeLessThan(5_000)
        .contains("x… (100000 characters)");
  }

  @Test
  void aLongChainOfHugeCausesStillFitsWhatAContainerRuntimeTakesForALine() {
    Throwable chain = new Error("y".repeat(100_000));
    for (int depth = 0; depth < 20; depth++) {
      chain = new IllegalStateException("z".repeat(100_000), chain);
    }

    assertThat(json(event("failed", chain))).hasSizeLessThan(16 * 1024);
  }

  @Test
  void aValueThatFailsToDescribeItselfDoesNotCostTheEvent() {
    Object broken =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("broken on purpose");
          }
        };
    LoggingEvent event = event("x");
    event.addKeyValuePair(new KeyValuePair("value", broken));

    assertThat(logfmt(event)).contains("msg=x value=\"(no text: toString of ");
  }

  private static LoggingEvent event(String message, Throwable... thrown) {
    LoggingEvent event = new LoggingEvent();
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    event.setLoggerContext(context);
    event.setLoggerName("io.streamfleet.Test");
    event.setLevel(Level.INFO);
    event.setMessage(message);
    event.setInstant(TIME);
    for (Throwable one : thrown) {
      event.setThrowableProxy(new ThrowableProxy(one));
    }
    return event;
  }

  private static String logfmt(LoggingEvent event) {
    return encoded(LogFormat.LOGFMT, event);
  }

  private static String json(LoggingEvent event) {
    return encoded(LogFormat.JSON, event);
  }

  private static String encoded(LogFormat format, LoggingEvent event) {
    return new String(new EventEncoder(format).encode(event), StandardCharsets.UTF_8);
  }
}
