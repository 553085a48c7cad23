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

  /** The containers that wait for something that does not come by itself, cut to that. */
  static List<ContainerStatus> waiting(@Nullable List<ContainerStatus> all) {
    return Objects.requireNonNullElse(all, List.<ContainerStatus>of()).stream()
        .filter(container -> wait(container).isPresent())
        .map(PodTrouble::cut)
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

  private static String with(String reason, @Nullable String more) {
    return more == null || more.isBlank() ? reason : reason + ", " + more;
  }

  private static ContainerStatus cut(ContainerStatus whole) {
    ContainerStateWaiting wait = wait(whole).orElseThrow();
    ContainerStatusBuilder cut =
        new ContainerStatusBuilder()
            .withName(whole.getName())
            .withImage(whole.getImage())
            .withNewState()
            .withNewWaiting(
                wait.getReason().equals(CRASHES) ? null : cut(wait.getMessage()), wait.getReason())
            .endState();
    ContainerState last = whole.getLastState();
    if (last != null && last.getTerminated() != null) {
      cut.withNewLastState()
          .withNewTerminated()
          .withExitCode(last.getTerminated().getExitCode())
          .withReason(last.getTerminated().getReason())
          .endTerminated()
          .endLastState();
    }
    return cut.build();
  }

  private static Optional<ContainerStateWaiting> wait(ContainerStatus container) {
    return Optional.ofNullable(container.getState())
        .map(ContainerState::getWaiting)
        .filter(wait -> wait.getReason() != null && !HARMLESS.contains(wait.getReason()));
  }

  /** A scheduler's message goes on with what it might have evicted, which nobody can act on. */
  private static @Nullable String cut(@Nullable String message) {
    if (message == null) {
      return null;
    }
    String told = message.replaceFirst("\\s*preemption: .*$", "").strip();
    return told.length() <= MESSAGE_MAX ? told : told.substring(0, MESSAGE_MAX - 1) + "…";
  }
}
