package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.Traffic;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A platform that hangs blocks neither another platform nor inbound messages. */
class PlatformsApartTest {

  private static final Map<String, Object> WITHOUT_CHANNEL = Map.of("text", "hello");

  private final Gate gate = new Gate();
  private final RecordingHandler handler =
      new RecordingHandler(
          message -> {
            if (message.stream().equals("out:discord")
                || message.payload().toMap().containsKey("hangs")) {
              gate.pass();
            }
            return Handled.nothing();
          });
  private final Fleet fleet = new Fleet();

  @AfterEach
  void stop() throws Exception {
    gate.open();
    fleet.close();
  }

  @Test
  void channelsOfDifferentPlatformsHaveDifferentLocks() throws Exception {
    fleet.worker(
        QuickManifest.calm()
            .with(
                "outbound",
                "{platforms: [discord, matrix], streamTemplate: 'out:{platform}', group: g,"
                    + " ordering: {mode: Channel}, handler: {builtin: Discard}}"),
        handler);
    fleet.traffic().publish("out:discord", WITHOUT_CHANNEL);
    fleet.traffic().publish("out:discord", "c");
    await().until(() -> gate.reached() == 2);

    fleet.traffic().publish("out:matrix", WITHOUT_CHANNEL);
    fleet.traffic().publish("out:matrix", "c");
    fleet.traffic().publish("in", WITHOUT_CHANNEL);
    fleet.publish("c");

    await().until(() -> handler.finished().size() == 4 && fleet.hasNothingPending());
    assertThat(handler.finished())
        .extracting(RecordingHandler.Call::stream)
        .doesNotContain("out:discord");
    assertThat(fleet.traffic().redis().keys("sg:lock:outbound:*"))
        .contains("sg:lock:outbound:discord:global", "sg:lock:outbound:discord:c");
  }

  /** For those whose inbound stream no original reads. */
  @Test
  void inboundChannelsAreApartWhereTheTemplateNamesThePlatform() throws Exception {
    fleet.worker(
        QuickManifest.calm().ordering("{lockTtl: 20s, lockTemplate: 'l:{platform}:{channel}'}"),
        handler);
    fleet.traffic().publish("in", Map.of("channel_id", "c", "platform", "discord", "hangs", true));
    await().until(() -> gate.reached() == 1);
    fleet.traffic().publish("in", Map.of("channel_id", "c", "platform", "discord"));
    fleet.traffic().publish("in", Map.of("channel_id", "c", "platform", "matrix"));

    await().until(() -> handler.finished().size() == 1);
    assertThat(fleet.traffic().holder("l:discord:c")).startsWith("w1/");
    fleet.traffic().redis().publish("sg:control:cancel", Traffic.text("{\"channel\":\"c\"}"));
    await().until(() -> fleet.hasNothingPending());
    assertThat(gate.interrupted()).isEqualTo(1);
    assertThat(handler.finished()).hasSize(1);
  }
}
