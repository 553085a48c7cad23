package io.streamfleet.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.partition.Partitions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of a stream with partitions. */
class PartitionedStreamTest {

  private static final Partitions FOUR = new Partitions("in", 4);

  private static final QuickManifest MANIFEST =
      QuickManifest.calm()
          .with(
              "inbound",
              "{streams: [in], group: g, partitions: {count: 4}, ordering: {lockTtl: 20s},"
                  + " handler: {builtin: Discard}}");

  @TempDir private Path folder;
  private final Fleet fleet = new Fleet();
  private final Gate gate = new Gate();
  private final RecordingHandler atTheGate =
      new RecordingHandler(
          message -> {
            gate.pass();
            return Handled.nothing();
          });
  private OnFleet commands;

  @BeforeEach
  void begin() {
    commands = new OnFleet(fleet, folder);
  }

  @AfterEach
  void end() throws Exception {
    gate.open();
    fleet.close();
  }

  private String output(String... words) {
    CommandRun run = commands.run(MANIFEST, words);
    assertThat(run.err()).doesNotContain("Exception");
    return run.out();
  }

  private static JsonNode json(String line) throws Exception {
    return new ObjectMapper().readTree(line);
  }

  private JsonNode status() throws Exception {
    return json(
        output("status", "--watch-for", "0s", "--output", "json")
            .lines()
            .findFirst()
            .orElseThrow());
  }

  private void publish(String channel) {
    fleet.traffic().publish(FOUR.streamOf(FOUR.of(channel)), channel);
  }

  /** The worker has all four partitions, and one entry of each of two channels in its handler. */
  private void busy() throws Exception {
    fleet.worker(MANIFEST, atTheGate);
    publish("a");
    publish("b");
    await().atMost(Duration.ofSeconds(10)).until(() -> atTheGate.started().size() == 2);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> status().at("/partitions/without_owner").isEmpty());
  }

  @Test
  void itIsOneStreamWithTheSumOfItsPartitionsAndTheirOwners() throws Exception {
    busy();

    JsonNode status = status();

    assertThat(status.path("stream").asText()).isEqualTo("in");
    assertThat(status.path("pending").asLong()).isEqualTo(2);
    assertThat(status.path("lag").asLong()).isZero();
    assertThat(status.path("oldest_pending_consumer").asText()).isNotEmpty();
    assertThat(status.at("/partitions/count").asInt()).isEqualTo(4);
    JsonNode owner = status.at("/partitions/owners/0");
    assertThat(owner.path("partitions")).hasSize(4);
    String worker = owner.path("worker").asText();
    assertThat(status.at("/partitions/partitions/3/owner").asText()).isEqualTo(worker);
    assertThat(output("status", "--watch-for", "0s").lines())
        .filteredOn(line -> line.startsWith("in "))
        .hasSize(1);
    assertThat(output("status", "--watch-for", "0s"))
        .contains("partitions of in:")
        .containsPattern(worker + " +4 +0 1 2 3 +0 +2");
    assertThat(output("check")).contains("each of the 4 partitions of in has a worker");
    assertThat(output("top", "--output", "json").lines().filter(it -> it.contains("\"consumer\"")))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(json(line).path("stream").asText()).isEqualTo("in");
              assertThat(json(line).path("pending").asLong()).isEqualTo(2);
            });
  }

  @Test
  void aChannelIsLookedForInItsPartitionOnly() throws Exception {
    busy();
    String worker = status().at("/partitions/owners/0/worker").asText();

    JsonNode why = json(output("why", "b", "--output", "json"));

    assertThat(why.path("state").asText()).isEqualTo("pending");
    assertThat(why.path("stream").asText()).isEqualTo(FOUR.streamOf(FOUR.of("b")));
    assertThat(why.path("partition").asText()).isEqualTo(FOUR.of("b") + " of 4");
    assertThat(why.path("partition's_worker").asText()).isEqualTo(worker);
  }

  @Test
  void whatNobodyHasIsNamed() throws Exception {
    for (String stream : FOUR.streams()) {
      fleet
          .traffic()
          .redis()
          .xgroupCreate(
              XReadArgs.StreamOffset.from(stream, "0"), "g", XGroupCreateArgs.Builder.mkstream());
    }
    publish("a");
    fleet
        .traffic()
        .redis()
        .zadd("in:members:g", System.currentTimeMillis() + 3_600_000d, Traffic.text("w0"));

    assertThat(status().path("held_back_by").toString())
        .contains("partitions 0 1 2 3 have no worker");
    assertThat(output("status", "--watch-for", "0s")).containsPattern("\\(none\\) +4 +0 1 2 3 +1");
    assertThat(output("check")).contains("partitions of in without a worker: 0 1 2 3");
    JsonNode why = json(output("why", "a", "--output", "json"));
    assertThat(why.path("state").asText()).isEqualTo("unread");
    assertThat(why.path("partition's_worker").asText()).isEqualTo("none");
    assertThat(why.path("next").asText()).contains("a worker that acquires the partition");
  }

  @Test
  void anotherNumberOfPartitionsIsAnError() {
    fleet.traffic().redis().set("in:partitions:g", Traffic.text("8"));

    assertThat(output("check"))
        .contains("in has 8 partitions in the group g, and the manifest has 4");
  }
}
