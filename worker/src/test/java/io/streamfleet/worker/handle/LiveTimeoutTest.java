package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.TransientFailure;
import java.time.Clock;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The time-out of a handler that is there already. */
class LiveTimeoutTest {

  @AutoClose
  private final ScriptedServer silent =
      ScriptedServer.playing(
          connection -> {
            connection.readRequest();
            connection.waitForHangUp();
          });

  private final Handlers handlers =
      new Handlers("w1", Clock.systemUTC(), new AnswerWarnings(doubt -> {}));

  private StreamConsumerGroupSpec spec(String timeout) {
    return Manifest.read(
            """
            redis: {url: "redis://127.0.0.1:6379"}
            inbound: {handler: {http: {url: "%s", timeout: 1h}}}
            outbound:
              platforms: [discord, matrix]
              handler: {http: {url: "%s", timeout: %s}}
            """
                .formatted(silent.url("/"), silent.url("/{platform}"), timeout))
        .spec();
  }

  @Test
  void isThatOfTheChangedManifestForEveryPlatform() throws Exception {
    var outbound = Objects.requireNonNull(spec("1h").outbound()).handler();
    try (MessageHandler discord = handlers.outbound(outbound, "discord");
        MessageHandler matrix = handlers.outbound(outbound, "matrix")) {

      handlers.change(spec("60ms"));

      for (MessageHandler handler : new MessageHandler[] {discord, matrix}) {
        assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
            .isInstanceOf(TransientFailure.class)
            .hasMessageContaining("had not answered after 60 ms");
      }
    }
  }
}
