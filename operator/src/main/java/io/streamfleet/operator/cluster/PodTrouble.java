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
 * Why a pod does not run: which part of its status is kept for that, and the text for users. The
 * text stays the same as long as the cause does; otherwise the status would be written again and
 * again.
 */
final class PodTrouble {

  private static final Set<String> HARMLESS = Set.of("ContainerCreating", "PodInitializing");

  /** The kubelet reports the first while it pulls and the second while it backs off. */
  private static final String PULLING = "ErrImagePull";

  private static final String NOT_PULLED = "ImagePullBackOff";

  /** Its message contains the growing back-off time. */
  private static final String CRASHES = "CrashLoopBackOff";

  /** Enough for a scheduler's reasons; thousands of pods may have one each. */
  private static final int MAX_MESSAGE = 300;

  private PodTrouble() {}

  /**
   * The containers that crash, or wait for something that does not resolve by itself, reduced to
   * what is reported.
   */
  static List<ContainerStatus> waiting(@Nullable List<ContainerStatus> all) {
    return Objects.requireNonNullElse(all, List.<ContainerStatus>of()).stream()
        .flatMap(container -> cut(container).stream())
        .toList();
  }

  /** The condition that no node can take the pod, if there is one. */
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

  /** The first cause found, as text for users. */
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
   * A crashing container alternates between three states: terminated, waiting for its restart,
   * running but not ready. All three become CrashLoopBackOff here. Sidecars are among the init
   * containers and are reported the same way.
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

  /** How a container ended that should be running; empty once it is ready again. */
  private static Optional<ContainerStateTerminated> end(ContainerStatus container) {
    boolean waits = container.getState() != null && container.getState().getWaiting() != null;
    if (Boolean.TRUE.equals(container.getReady()) || (waits && wait(container).isEmpty())) {
      return Optional.empty();
    }
    return terminated(container.getState())
        .or(() -> terminated(container.getLastState()))
        // Exit code 0 is normal for an init container, and for a worker that was stopped.
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

  /** Cuts the text about preemption from a scheduler's message: nobody can act on it. */
  static @Nullable String cut(@Nullable String message) {
    if (message == null) {
      return null;
    }
    String text = message.replaceFirst("\\s*preemption: .*$", "").strip();
    if (text.length() <= MAX_MESSAGE) {
      return text;
    }
    String head = text.substring(0, MAX_MESSAGE - 1);
    int word = head.lastIndexOf(' ');
    // A word longer than half the limit is cut in the middle.
    return (word > MAX_MESSAGE / 2 ? head.substring(0, word) : head) + "…";
  }
}
