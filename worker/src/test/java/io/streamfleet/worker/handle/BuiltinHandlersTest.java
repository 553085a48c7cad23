package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltinHandlersTest {

  @Test
  void logTellsEverythingButThePayload() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    LogHandler handler = new LogHandler(loggerInto(lines));

    assertThat(handler.handle(ReceivedMessage.inbound()).outbound()).isEmpty();

    assertThat(lines.list).hasSize(1);
    ILoggingEvent line = lines.list.getFirst();
    assertThat(line.getLevel()).isEqualTo(Level.INFO);
    assertThat(line.getKeyValuePairs().stream().map(it -> it.key + "=" + it.value))
        .containsExactly(
            "id=1732372000000-0",
            "stream=sg:stream:inbound",
            "channel=general",
            "attempt=1",
            "traceId=trace-1",
            "payloadBytes=" + ReceivedMessage.JSON.length());
    assertThat(line.getFormattedMessage()).doesNotContain("secret");
  }

  @Test
  void echoAnswersWhereTheMessageCameFrom() throws Exception {
    ReceivedMessage heard =
        ReceivedMessage.inbound()
            .with(
                Map.of(
                    "platform", "discord", "channel_id", "c", "content", "hi", "message_id", "m7"),
                "{}");

    assertThat(new EchoHandler().handle(heard).outbound())
        .containsExactly(
            new OutboundMessage(
                "discord",
                Map.of(
                    "type", "message",
                    "channel_id", "c",
                    "content", "hi",
                    "reply_to", "m7",
                    "trace_id", "trace-1")));
  }

  @Test
  void echoLeavesOutWhatItHasNotHeard() throws Exception {
    ReceivedMessage heard =
        ReceivedMessage.inbound().traced(Optional.empty()).with(Map.of("platform", "p"), "{}");

    assertThat(new EchoHandler().handle(heard).outbound())
        .containsExactly(new OutboundMessage("p", Map.of("type", "message")));
  }

  @Test
  void echoCannotAnswerWithoutAPlatform() {
    assertThatThrownBy(() -> new EchoHandler().handle(ReceivedMessage.inbound()))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("`platform`");
    assertThatThrownBy(
            () ->
                new EchoHandler()
                    .handle(ReceivedMessage.inbound().with(Map.of("platform", "a secret"), "{}")))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void echoOnlyLogsWhatGoesOut() throws Exception {
    ReceivedMessage outbound =
        ReceivedMessage.inbound().with(Map.of("platform", "p"), "{}").outbound(1);

    assertThat(new EchoHandler().handle(outbound).outbound()).isEmpty();
  }

  @Test
  void discardDoesNothing() {
    assertThat(new DiscardHandler().handle(ReceivedMessage.inbound()).outbound()).isEmpty();
  }

  @Test
  void noneOfThemWaits() {
    assertThat(new LogHandler().blocking()).isFalse();
    assertThat(new EchoHandler().blocking()).isFalse();
    assertThat(new DiscardHandler().blocking()).isFalse();
  }

  @Test
  void theyAreCalledAsInTheManifest() {
    assertThat(new LogHandler().name()).isEqualTo("Log");
    assertThat(new EchoHandler().name()).isEqualTo("Echo");
    assertThat(new DiscardHandler().name()).isEqualTo("Discard");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", ".a", "a b", "a/b", "a:b", "{a}", "größe"})
  void aPlatformsNameHasARule(String name) {
    assertThat(PlatformName.isValid(name)).isFalse();
    assertThat(PlatformName.isValid("a".repeat(63))).isTrue();
    assertThat(PlatformName.isValid("a".repeat(64))).isFalse();
  }

  private static Logger loggerInto(ListAppender<ILoggingEvent> lines) {
    Logger logger = new LoggerContext().getLogger("log");
    lines.start();
    logger.addAppender(lines);
    return logger;
  }
}
