package io.streamfleet.commands.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.check.Finding.Severity;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedGroup.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What no test can wait for: names that were used ten minutes ago, a stream that was trimmed. */
class GroupChecksTest {

  private static final StreamConsumerGroupSpec SPEC =
      Manifest.read(
              """
              redis: {url: "redis://127.0.0.1:6379"}
              inbound: {streams: [in], group: g, handler: {builtin: Discard}}
              deadLetter: {stream: dlq, maxLength: 100}
              """)
          .spec();

  private static List<Finding> wrong(long trimmed, long letters, ObservedConsumer... consumers) {
    ObservedGroup group =
        new ObservedGroup(
            new ConsumerGroup("in", "g"),
            Presence.PRESENT,
            OptionalLong.of(1),
            OptionalLong.of(1),
            OptionalLong.of(0),
            OptionalLong.of(trimmed),
            Optional.of(Duration.ZERO),
            Optional.empty(),
            List.of(consumers),
            Optional.empty());
    return new GroupChecks(SPEC)
            .all(
                new Inspection(
                    Instant.EPOCH,
                    List.of(group),
                    Map.of("dlq", letters),
                    Map.of(),
                    Optional.empty()))
            .stream()
            .filter(it -> it.severity() != Severity.OK)
            .toList();
  }

  private static ObservedConsumer consumer(String name, long pending, Duration idle) {
    return new ObservedConsumer(name, pending, Optional.of(idle), Optional.empty());
  }

  @Test
  void anActiveConsumerIsNoProblem() {
    assertThat(wrong(0, 0, consumer("w1", 3, Duration.ofSeconds(20)))).isEmpty();
  }

  @Test
  void pendingEntriesOfAConsumerWithoutAWorkerAreAnError() {
    assertThat(wrong(0, 0, consumer("old", 3, Duration.ofHours(1))))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.severity()).isEqualTo(Severity.ERROR);
              assertThat(it.found()).contains("3 entries are pending for consumers", "old");
              assertThat(it.remedy().orElseThrow()).contains("claims them after 1m0s");
            });
  }

  @Test
  void aConsumerWithoutAWorkerAndPendingEntriesIsAWarning() {
    assertThat(wrong(0, 0, consumer("old", 0, Duration.ofHours(1))))
        .singleElement()
        .satisfies(it -> assertThat(it.severity()).isEqualTo(Severity.WARNING));
  }

  @Test
  void entriesTrimmedUnreadAreAnError() {
    assertThat(wrong(7, 0))
        .singleElement()
        .satisfies(it -> assertThat(it.found()).contains("7 entries were trimmed before"));
  }

  @Test
  void aDeadLetterStreamThatIsNoneIsAnErrorAndNoMissingRight() {
    Inspection seen =
        new Inspection(
            Instant.EPOCH,
            List.of(),
            Map.of(),
            Map.of("dlq", "WRONGTYPE Operation against a key holding the wrong kind of value"),
            Optional.empty());

    assertThat(new GroupChecks(SPEC).all(seen))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.severity()).isEqualTo(Severity.ERROR);
              assertThat(it.found()).contains("dlq could not be checked: WRONGTYPE");
              assertThat(it.remedy().orElseThrow()).contains("rename it");
            });
  }

  @Test
  void aNearlyFullDeadLetterStreamIsAWarning() {
    assertThat(wrong(0, 89)).isEmpty();
    assertThat(wrong(0, 90))
        .singleElement()
        .satisfies(it -> assertThat(it.found()).contains("near the maximum of 100"));
  }
}
