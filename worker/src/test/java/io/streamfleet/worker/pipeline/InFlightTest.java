package io.streamfleet.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker tells of the entries that it has in flight. */
class InFlightTest {

  private final Fleet fleet = new Fleet();
  private final Gate gate = new Gate();

  @AfterEach
  void end() throws Exception {
    gate.open();
    fleet.close();
  }

  private static JsonNode stream(TestWorker worker) throws Exception {
    return new ObjectMapper().readTree(worker.inFlight()).path("streams").path(0);
  }

  @Test
  void listsHandledAndWaitingEntriesWithoutChannelAndPayload() throws Exception {
    TestWorker worker =
        fleet.worker(
            QuickManifest.calm(),
            new RecordingHandler(
                message -> {
                  gate.pass();
                  return Handled.nothing();
                }));
    String first = fleet.publish("private-room");
    String second = fleet.publish("private-room");
    await().until(() -> gate.reached() == 1 && stream(worker).path("in_flight").asInt() == 2);

    JsonNode told = stream(worker);

    assertThat(told.path("stream").asText()).isEqualTo("in");
    assertThat(told.path("consumer").asText()).isEqualTo("w1");
    JsonNode entries = told.path("entries");
    assertThat(entries.findValuesAsText("id")).containsExactlyInAnyOrder(first, second);
    assertThat(entries)
        .filteredOn(entry -> entry.path("id").asText().equals(first))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.path("state").asText()).isEqualTo("handled");
              assertThat(entry.path("handled_ms").isNumber()).isTrue();
              assertThat(entry.path("attempt").asInt()).isEqualTo(1);
            });
    assertThat(entries)
        .filteredOn(entry -> entry.path("id").asText().equals(second))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.path("state").asText()).isEqualTo("waiting");
              assertThat(entry.has("handled_ms")).isFalse();
            });
    assertThat(worker.inFlight()).doesNotContain("private-room");

    gate.open();
    await().until(() -> stream(worker).path("in_flight").asInt() == 0);
  }
}
