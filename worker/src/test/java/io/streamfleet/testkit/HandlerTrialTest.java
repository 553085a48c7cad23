package io.streamfleet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.handler.Direction;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the author of a handler tries it with. */
class HandlerTrialTest {

  @Test
  void aHandlerIsStartedGetsItsMessageAndIsClosed() throws Exception {
    Noting handler = new Noting();
    try (HandlerTrial trial = HandlerTrial.of(handler, Map.of("greeting", "Servus"))) {
      assertThat(trial.handle(Map.of("channel_id", "general", "n", 7)))
          .isEqualTo(
              new TrialOutcome.Done(
                  List.of(
                      new OutboundMessage(
                          "discord", Map.of("said", "Servus", "channel", "general", "n", 7L)))));
    }
    assertThat(handler.closed).isTrue();
  }

  @Test
  void whatItThrowsIsJudgedAsByAWorker() throws Exception {
    assertThat(verdictOn(new PermanentFailure("no platform")))
        .isEqualTo(new TrialOutcome.NeverAgain("PermanentFailure: no platform"));
    assertThat(verdictOn(new TransientFailure("busy", Duration.ofSeconds(3))))
        .isEqualTo(
            new TrialOutcome.TryAgain(
                "TransientFailure: busy", Optional.of(Duration.ofSeconds(3))));
    assertThat(verdictOn(new IllegalStateException("boom")))
        .isInstanceOfSatisfying(
            TrialOutcome.TryAgain.class,
            it ->
                assertThat(it.failure())
                    .matches(
                        "IllegalStateException: boom \\(at .*TrialTest\\..*TrialTest.java:\\d+\\)"));
  }

  @Test
  void whatCannotBeWrittenIsSeenHere() throws Exception {
    try (HandlerTrial trial =
        HandlerTrial.of(
            it ->
                Handled.emitting(new OutboundMessage("discord", Map.of("thread", new Object()))))) {
      assertThat(trial.handle(Map.of())).isInstanceOf(TrialOutcome.NeverAgain.class);
    }
  }

  @Test
  void theOccasionIsWhatTheMessageTells() throws Exception {
    Message[] seen = new Message[1];
    try (HandlerTrial trial =
        HandlerTrial.of(
            message -> {
              seen[0] = message;
              return Handled.nothing();
            })) {
      trial.handle(
          Delivery.USUAL.of(Direction.OUTBOUND, "out").withId("5-1").withAttempt(3), Map.of());
    }
    assertThat(seen[0].stream()).isEqualTo("out");
    assertThat(seen[0].id()).isEqualTo("5-1");
    assertThat(seen[0].attempt()).isEqualTo(3);
    assertThat(seen[0].channel()).isEqualTo("global");
  }

  @Test
  void aMessageThatNoWorkerHandsOverIsRefused() throws Exception {
    try (HandlerTrial trial = HandlerTrial.of(it -> Handled.nothing())) {
      assertThatThrownBy(() -> trial.handle(Map.of("channel_id", List.of(1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the ordering field");
    }
  }

  private static TrialOutcome verdictOn(Exception thrown) throws Exception {
    try (HandlerTrial trial =
        HandlerTrial.of(
            it -> {
              throw thrown;
            })) {
      return trial.handle(Map.of());
    }
  }

  private static final class Noting implements MessageHandler {
    private String greeting = "";
    private boolean closed;

    @Override
    public void start(HandlerContext context) {
      greeting = context.options().getOrDefault("greeting", "");
    }

    @Override
    public Handled handle(Message message) {
      Object n = message.payload().toMap().getOrDefault("n", 0);
      return Handled.emitting(
          new OutboundMessage(
              "discord", Map.of("said", greeting, "channel", message.channel(), "n", n)));
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
