package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a pod from running: what is kept of its status for that, and how it is said to people.
 * What is said stays the same as long as the trouble does, or it would be written down again and
 * again.
 */
final class PodTrouble {

  private static final Set<String> HARMLESS = Set.of("ContainerCreating", "PodInitializing");

  /** The kubelet says the one while it tries to pull, the other while it waits to. */
  private static final String PULLING = "ErrImagePull";

  private static final String NOT_PULLED = "ImagePullBackOff";

  /** Its message has the time until the next start in it, which grows. */
  private static final String CRASHES = "CrashLoopBackOff";

  /** Enough for a scheduler's reasons; thousands of pods may have one each. */
  private static final int MESSAGE_MAX = 300;

  private PodTrouble() {}

  /**
   * The containers that wait for something that does not come by itself, or that crash, cut to
   * that.
   */
  static List<ContainerStatus> waiting(@Nullable List<ContainerStatus> all) {
    return Objects.requireNonNullElse(all, List.<ContainerStatus>of()).stream()
        .flatMap(container -> cut(container).stream())
        .toList();
  }

  /** That no node takes the pod, if that is so. */
  static List<PodCondition> unscheduled(@Nullable List<PodCondition> all) {
    return Objects.requireNonNullElse(all, List.<PodCondition>of()).stream()
        .filter(it -> "PodScheduled".equals(it.getType()) && "False".equals(it.getStatus()))
        .map(
            it ->
                new PodConditionBuilder()
                    .withType(it.getType())
                    .withStatus(it.getStatus())
                    .withReason(it.getReason())
                    .withMessage(cut(it.getMessage()))
                    .build())
        .toList();
  }

  /** The first trouble of a pod, for people. */
  static Optional<String> of(PodStatus status) {
    return Stream.concat(
            unscheduled(status.getConditions()).stream().map(PodTrouble::line),
            Stream.concat(
                    waiting(status.getInitContainerStatuses()).stream(),
                    waiting(status.getContainerStatuses()).stream())
                .map(PodTrouble::line))
        .findFirst();
  }

  private static String line(PodCondition unscheduled) {
    return with(
        Objects.requireNonNullElse(unscheduled.getReason(), "Unschedulable"),
        unscheduled.getMessage());
  }

  private static String line(ContainerStatus container) {
    ContainerStateWaiting wait = wait(container).orElseThrow();
    String line = "container " + container.getName() + ": ";
    return line
        + switch (wait.getReason()) {
          case PULLING, NOT_PULLED -> with(NOT_PULLED, container.getImage());
          case CRASHES -> with(CRASHES, ended(container));
          default -> with(wait.getReason(), wait.getMessage());
        };
  }

  private static @Nullable String ended(ContainerStatus container) {
    ContainerState last = container.getLastState();
    ContainerStateTerminated end = last == null ? null : last.getTerminated();
    return end == null
        ? null
        : "it ended with "
            + end.getExitCode()
            + (end.getReason() == null ? "" : " (" + end.getReason() + ")");
  }

  static String with(String reason, @Nullable String more) {
    return more == null || more.isBlank() ? reason : reason + ", " + more;
  }

  /**
   * A container that crashes is in one of three states by turns: it has ended, it waits for its
   * next start, it runs and is not well yet. All are one trouble, so one is made of them. A sidecar
   * is among the init containers, and tells as the others do.
   */
  private static Optional<ContainerStatus> cut(ContainerStatus whole) {
    ContainerStatusBuilder cut =
        new ContainerStatusBuilder().withName(whole.getName()).withImage(whole.getImage());
    Optional<ContainerStateWaiting> wait = wait(whole);
    if (wait.isPresent() && !wait.get().getReason().equals(CRASHES)) {
      return Optional.of(
          cut.withNewState()
              .withNewWaiting(cut(wait.get().getMessage()), wait.get().getReason())
              .endState()
              .build());
    }
    Optional<ContainerStateTerminated> end = end(whole);
    if (wait.isEmpty() && end.isEmpty()) {
      return Optional.empty();
    }
    cut.withNewState().withNewWaiting(null, CRASHES).endState();
    end.ifPresent(
        it ->
            cut.withNewLastState()
                .withNewTerminated()
                .withExitCode(it.getExitCode())
                .withReason(it.getReason())
                .endTerminated()
                .endLastState());
    return Optional.of(cut.build());
  }

  /** How a container ended that should run; one that is well again has no such end. */
  private static Optional<ContainerStateTerminated> end(ContainerStatus container) {
    boolean waits = container.getState() != null && container.getState().getWaiting() != null;
    if (Boolean.TRUE.equals(container.getReady()) || (waits && wait(container).isEmpty())) {
      return Optional.empty();
    }
    return terminated(container.getState())
        .or(() -> terminated(container.getLastState()))
        // An init container that did its work ended with 0, and so may a worker that was told to.
        .filter(it -> it.getExitCode() != 0 || wait(container).isPresent());
  }

  private static Optional<ContainerStateTerminated> terminated(@Nullable ContainerState state) {
    return Optional.ofNullable(state).map(ContainerState::getTerminated);
  }

  private static Optional<ContainerStateWaiting> wait(ContainerStatus container) {
    return Optional.ofNullable(container.getState())
        .map(ContainerState::getWaiting)
        .filter(wait -> wait.getReason() != null && !HARMLESS.contains(wait.getReason()));
  }

  /** A scheduler's message goes on with what it might have evicted, which nobody can act on. */
  static @Nullable String cut(@Nullable String message) {
    if (message == null) {
      return null;
    }
    String told = message.replaceFirst("\\s*preemption: .*$", "").strip();
    if (told.length() <= MESSAGE_MAX) {
      return told;
    }
    String head = told.substring(0, MESSAGE_MAX - 1);
    int word = head.lastIndexOf(' ');
    // A word that is longer than half of it is cut all the same.
    return (word > MESSAGE_MAX / 2 ? head.substring(0, word) : head) + "…";
  }
}
