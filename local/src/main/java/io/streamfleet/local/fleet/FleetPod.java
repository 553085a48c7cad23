package io.streamfleet.local.fleet;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.kubelet.ProcessKubelet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a local fleet at one moment.
 *
 * @param group the StreamConsumerGroup whose worker it is; empty for the operator
 * @param status in one word, as in {@code kubectl get pods}
 * @param pid of its process, while it runs
 * @param url of its health and metrics, such as {@code http://127.0.0.1:34567}
 * @param problem in one line: why it is not ready (how it ended, or what it waits for), or another
 *     problem
 */
public record FleetPod(
    String namespace,
    String name,
    String group,
    String status,
    boolean ready,
    int restarts,
    OptionalLong pid,
    Optional<String> url,
    Optional<String> problem) {

  private static final String GROUP = "streamfleet.io/group";

  /** Reads it from the API server's pod. */
  public static FleetPod of(Pod pod) {
    Map<String, String> labels =
        Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
    Map<String, String> notes =
        Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
    List<ContainerStatus> containers =
        pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
    boolean ready =
        !containers.isEmpty() && containers.stream().allMatch(ContainerStatus::getReady);
    String pid = notes.getOrDefault(ProcessKubelet.PID, "");
    return new FleetPod(
        pod.getMetadata().getNamespace(),
        pod.getMetadata().getName(),
        labels.getOrDefault(GROUP, ""),
        status(pod, containers),
        ready,
        containers.stream().mapToInt(ContainerStatus::getRestartCount).sum(),
        pid.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(pid)),
        Optional.ofNullable(notes.get(ProcessKubelet.PORT)).map(port -> "http://127.0.0.1:" + port),
        ready ? Optional.empty() : containers.stream().flatMap(FleetPod::problem).findFirst());
  }

  /** How it ended says more than that it is waiting, and is kept while it restarts. */
  private static Stream<String> problem(ContainerStatus container) {
    return Stream.of(
            ended(container.getState()),
            ended(container.getLastState()),
            Optional.ofNullable(container.getState())
                .map(ContainerState::getWaiting)
                .map(ContainerStateWaiting::getMessage))
        .flatMap(Optional::stream)
        .filter(it -> !it.isEmpty());
  }

  private static Optional<String> ended(@Nullable ContainerState state) {
    return Optional.ofNullable(state)
        .map(ContainerState::getTerminated)
        .map(ContainerStateTerminated::getMessage);
  }

  private static String status(Pod pod, List<ContainerStatus> containers) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return "Terminating";
    }
    for (ContainerStatus container : containers) {
      if (container.getState().getWaiting() != null) {
        return container.getState().getWaiting().getReason();
      }
      if (container.getState().getTerminated() != null) {
        return container.getState().getTerminated().getReason();
      }
    }
    return pod.getStatus() == null || pod.getStatus().getPhase() == null
        ? "Pending"
        : pod.getStatus().getPhase();
  }

  /** The same with a problem of a running pod. */
  public FleetPod withProblem(String what) {
    return new FleetPod(
        namespace, name, group, status, ready, restarts, pid, url, Optional.of(what));
  }

  /** Whether it is being deleted. */
  public boolean isTerminating() {
    return status.equals("Terminating");
  }
}
