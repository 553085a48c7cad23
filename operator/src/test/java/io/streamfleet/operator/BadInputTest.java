package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What passes the schema and still can't work changes nothing, and says what to change. */
@Tag(TestCluster.TAG)
class BadInputTest {

  private static final String UNWORKABLE =
      "workers: {replicas: 3, volumeMounts: [{name: missing, mountPath: /data}]}";

  @AutoClose private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
  }

  @Test
  void whatRanBeforeRunsOnAndComesRightAfterTheMend() {
    String deadLetters = "\ndeadLetter: {stream: \"mended:dead\"}";
    LiveFleet fleet =
        cluster.fleet("mended", "workers: {replicas: 2}" + deadLetters).becomesReady();
    Deployment before = Objects.requireNonNull(fleet.deployment().get());

    fleet.apply(UNWORKABLE + deadLetters);
    fleet.becomes("Ready", "False/InvalidSpec");
    assertThat(fleet.message("Ready"))
        .contains("spec.workers.volumeMounts[0].name")
        .contains("add it to spec.workers.volumes")
        .contains("the workers keep running as before");
    assertThat(fleet.status().observedGeneration())
        .isEqualTo(fleet.now().getMetadata().getGeneration());
    assertThat(fleet.status().workers()).isEqualTo("2/2");
    assertThat(fleet.deployment().get().getMetadata().getGeneration())
        .isEqualTo(before.getMetadata().getGeneration());
    // What is in a stream that workers read nobody can tell.
    cluster.redis().xadd("mended:dead", Map.of("n", "1"));
    eventually(() -> assertThat(fleet.status().deadLetters()).isEqualTo(1));
    assertThat(fleet.condition("WorkersAvailable")).isEqualTo("True/AllAvailable");

    fleet.apply("workers: {replicas: 3}" + deadLetters);
    fleet.becomesReady();
    assertThat(fleet.status().workers()).isEqualTo("3/3");
  }

  @Test
  void nothingIsMadeOfAResourceThatNeverWorked() {
    LiveFleet fleet = cluster.fleet("never", UNWORKABLE);

    fleet.becomes("Ready", "False/InvalidSpec");

    assertThat(fleet.deployment().get()).isNull();
    assertThat(fleet.configMap().get()).isNull();
  }

  @Test
  void itIsToldOnceHoweverOftenItIsSeen() {
    LiveFleet fleet = cluster.fleet("told", UNWORKABLE);
    fleet.becomes("Ready", "False/InvalidSpec");
    eventually(() -> assertThat(fleet.events("InvalidSpec")).hasSize(1));

    fleet.apply("");
    fleet.becomesReady();
    fleet.apply(UNWORKABLE);
    fleet.becomes("Ready", "False/InvalidSpec");

    assertThat(fleet.events("InvalidSpec"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getMessage()).contains("spec.workers.volumeMounts[0].name");
              assertThat(event.getInvolvedObject().getUid())
                  .isEqualTo(fleet.now().getMetadata().getUid());
            });
  }

  @Test
  void theSameTroubleLaterCountsUp() {
    EmbeddedCluster embedded = cluster.embedded("minutes pass");
    LiveFleet fleet = cluster.fleet("counted", UNWORKABLE);
    fleet.becomes("Ready", "False/InvalidSpec");
    fleet.apply("");
    fleet.becomesReady();

    embedded.clock().forward(java.time.Duration.ofMinutes(2));
    fleet.apply(UNWORKABLE);

    eventually(
        () ->
            assertThat(fleet.events("InvalidSpec"))
                .singleElement()
                .satisfies(event -> assertThat(event.getCount()).isEqualTo(2)));
  }
}
