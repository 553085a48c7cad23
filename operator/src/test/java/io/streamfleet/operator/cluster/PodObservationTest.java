package io.streamfleet.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod says of its process. */
class PodObservationTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static Pod pod(String phase, @Nullable String deletion) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .withDeletionTimestamp(deletion)
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "Running, , false",
    "Pending, , false",
    "Unknown, , false",
    "Failed, , true",
    "Succeeded, , true",
    "Running, 2026-11-23T12:00:01Z, false",
    "Running, 2026-11-23T11:59:59Z, true",
    "Running, soon, false"
  })
  void itIsOverWhenItEndedOrHasToHaveEnded(String phase, @Nullable String deletion, boolean over) {
    assertThat(PodObservation.of(pod(phase, deletion), NOW).over()).isEqualTo(over);
  }

  @Test
  void aPodWithoutAStatusIsAboutToRun() {
    Pod pod = new PodBuilder().withNewMetadata().withName("p").endMetadata().build();

    assertThat(PodObservation.of(pod, NOW))
        .isEqualTo(new PodObservation("p", false, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "ImagePullBackOff, 'container worker: ImagePullBackOff'",
    "CrashLoopBackOff, 'container worker: CrashLoopBackOff'",
    "ContainerCreating, ''",
    "PodInitializing, ''"
  })
  void whatKeepsItFromRunningIsSaidUnlessItIsTheUsual(String reason, String said) {
    Pod pod =
        new PodBuilder(pod("Pending", null))
            .editStatus()
            .addNewContainerStatus()
            .withName("worker")
            .withNewState()
            .withNewWaiting()
            .withReason(reason)
            .endWaiting()
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();

    assertThat(PodObservation.of(pod, NOW).trouble().orElse("")).isEqualTo(said);
  }
}
