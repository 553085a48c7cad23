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
 * @param name also the name of its consumer
 * @param over whether its containers have ended, or its grace period is over: then its node may be
 *     lost
 * @param trouble why it does not run, as the scheduler or the kubelet says
 */
public record PodObservation(String name, boolean over, Optional<String> trouble) {

  /** Phases of pods that failed (an eviction, a lost node) or completed. */
  private static final Set<String> ENDED = Set.of("Failed", "Succeeded");

  private static final String PENDING = "Pending";

  /** Reads it from the pod. */
  public static PodObservation of(Pod pod, Instant now) {
    PodStatus status = pod.getStatus();
    boolean ended = status != null && isEnd(status.getPhase());
    return new PodObservation(
        pod.getMetadata().getName(),
        ended || overdue(pod, now),
        status == null ? Optional.empty() : PodTrouble.of(status));
  }

  /** Whether it is pending and its status does not say why. */
  static boolean isPending(Pod pod) {
    PodStatus status = pod.getStatus();
    return status != null
        && PENDING.equals(status.getPhase())
        && pod.getMetadata().getDeletionTimestamp() == null
        && PodTrouble.of(status).isEmpty();
  }

  /** Whether it was created before that moment. */
  static boolean isOlder(Pod pod, Instant moment) {
    try {
      return Instant.parse(Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), ""))
          .isBefore(moment);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** The part of the phase that is kept: pending or ended. */
  static @Nullable String kept(@Nullable String phase) {
    return isEnd(phase) || PENDING.equals(phase) ? phase : null;
  }

  /** Whether a pod of this phase has ended. */
  static boolean isEnd(@Nullable String phase) {
    return phase != null && ENDED.contains(phase);
  }

  /**
   * The API server sets deletionTimestamp to the end of the grace period. A pod that still exists
   * after it is on a node that does not respond.
   */
  private static boolean overdue(Pod pod, Instant now) {
    return end(pod).filter(end -> end.isBefore(now)).isPresent();
  }

  /** When the grace period of a deleted pod ends. */
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
