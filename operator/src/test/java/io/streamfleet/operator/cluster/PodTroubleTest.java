package io.streamfleet.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps a pod from running is still known of a pod that was cut, and said in one way. */
class PodTroubleTest {

  private static Pod cut(String status) {
    Pod pod =
        Serialization.unmarshal(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nstatus:\n" + status.indent(2),
            Pod.class);
    Excerpt.cut(pod);
    return pod;
  }

  private static String trouble(String status) {
    return PodTrouble.of(cut(status).getStatus()).orElse("");
  }

  private static String waiting(String reason, String message) {
    return """
        phase: Pending
        conditions: [{type: Ready, status: "False", reason: ContainersNotReady}]
        containerStatuses:
          - name: worker
            image: registry/worker:1
            imageID: sha256:0123
            state: {waiting: {reason: %s, message: "%s"}}
            lastState: {terminated: {exitCode: 137, reason: OOMKilled, finishedAt: "2026-11-23T12:00:00Z"}}
        """
        .formatted(reason, message);
  }

  @ParameterizedTest
  @CsvSource({
    "ImagePullBackOff, 'container worker: ImagePullBackOff, registry/worker:1'",
    "ErrImagePull, 'container worker: ImagePullBackOff, registry/worker:1'",
    "CrashLoopBackOff, 'container worker: CrashLoopBackOff, it ended with 137 (OOMKilled)'",
    "CreateContainerConfigError, 'container worker: CreateContainerConfigError, some words'",
    "ContainerCreating, ''",
    "PodInitializing, ''"
  })
  void aContainerThatWaits(String reason, String said) {
    assertThat(trouble(waiting(reason, "some words"))).isEqualTo(said);
  }

  /** A sidecar is among the init containers; by turns it has ended, waits, and runs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "state: {terminated: {exitCode: 1, reason: Error}}",
        "state: {waiting: {reason: CrashLoopBackOff, message: back-off 20s}},"
            + " lastState: {terminated: {exitCode: 1, reason: Error}}",
        "ready: false, state: {running: {}},"
            + " lastState: {terminated: {exitCode: 1, reason: Error}}"
      })
  void aSidecarThatCrashes(String state) {
    assertThat(trouble(sidecar(state)))
        .isEqualTo("container bot: CrashLoopBackOff, it ended with 1 (Error)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state: {terminated: {exitCode: 0, reason: Completed}}",
        "ready: true, state: {running: {}},"
            + " lastState: {terminated: {exitCode: 1, reason: Error}}",
        "ready: false, state: {running: {}}"
      })
  void anInitContainerThatDidItsWorkOrIsWellIsNoTrouble(String state) {
    assertThat(trouble(sidecar(state))).isEmpty();
  }

  private static String sidecar(String state) {
    return "phase: Pending\ninitContainerStatuses:\n  - {name: bot, image: \"bot:1\", %s}\n"
        .formatted(state);
  }

  @Test
  void aLongMessageIsCutBetweenWords() {
    String said =
        trouble(
            waiting("CreateContainerError", "0/40 nodes are available: " + "tainted, ".repeat(60)));

    assertThat(said).endsWith("tainted,…").hasSizeLessThan(400);
  }

  @Test
  void whatGoesOnChangingIsNeitherSaidNorNews() {
    assertThat(cut(waiting("CrashLoopBackOff", "back-off 10s")))
        .isEqualTo(cut(waiting("CrashLoopBackOff", "back-off 20s")));
    assertThat(Excerpt.isSame(cut("phase: Running"), cut("phase: Pending"))).isTrue();
    assertThat(Excerpt.isSame(cut("phase: Failed"), cut("phase: Running"))).isFalse();
  }

  @Test
  void aPodWithoutANodeIsSaidWithTheSchedulersReasonButNotItsPreemption() {
    assertThat(
            trouble(
                """
                conditions:
                  - type: PodScheduled
                    status: "False"
                    reason: Unschedulable
                    message: "0/1 nodes are available: 1 Insufficient cpu. preemption: none."
                """))
        .isEqualTo("Unschedulable, 0/1 nodes are available: 1 Insufficient cpu.");
    assertThat(trouble("conditions: [{type: PodScheduled, status: \"True\"}]")).isEmpty();
  }

  @Test
  void ofAMessageOnlySoMuchIsKept() {
    assertThat(trouble(waiting("CreateContainerError", "x".repeat(5_000)))).hasSizeLessThan(400);
  }
}
