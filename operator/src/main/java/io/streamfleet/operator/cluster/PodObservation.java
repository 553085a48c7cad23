package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A worker's pod.
 *
 * @param name also the consumer's
 * @param over whether its containers run no more, or should not since its time to end is over: its
 *     node may be lost
 * @param trouble what keeps it from running, as the scheduler or the kubelet says it
 */
public record PodObservation(String name, boolean over, Optional<String> trouble) {

  /** Pods that were failed (an eviction, a lost node) or have ended. */
  private static final Set<String> ENDED = Set.of("Failed", "Succeeded");

  private static final String PENDING = "Pending";

  /** Reads it off a pod. */
  public static PodObservation of(Pod pod, Instant now) {
    PodStatus status = pod.getStatus();
    boolean ended = status != null && isEnd(status.getPhase());
    return new PodObservation(
        pod.getMetadata().getName(),
        ended || overdue(pod, now),
        status == null ? Optional.empty() : PodTrouble.of(status));
  }

  /** Whether it waits for something that nobody has named. */
  static boolean isPending(Pod pod) {
    PodStatus status = pod.getStatus();
    return status != null
        && PENDING.equals(status.getPhase())
        && pod.getMetadata().getDeletionTimestamp() == null
        && PodTrouble.of(status).isEmpty();
  }

  /** Whether it was made before a moment. */
  static boolean isOlder(Pod pod, Instant moment) {
    try {
      return Instant.parse(Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), ""))
          .isBefore(moment);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** What is kept of a phase: that a pod waits, or has ended. */
  static @Nullable String kept(@Nullable String phase) {
    return isEnd(phase) || PENDING.equals(phase) ? phase : null;
  }

  /** Whether a pod of this phase runs no more. */
  static boolean isEnd(@Nullable String phase) {
    return phase != null && ENDED.contains(phase);
  }

  /**
   * The API server sets the time of deletion to when the grace period ends: a pod that is there
   * after it is on a node that says nothing.
   */
  private static boolean overdue(Pod pod, Instant now) {
    return end(pod).filter(end -> end.isBefore(now)).isPresent();
  }

  /** When a pod that was deleted has to have ended. */
  static Optional<Instant> end(Pod pod) {
    String deletion = pod.getMetadata().getDeletionTimestamp();
    if (deletion == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(deletion));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
