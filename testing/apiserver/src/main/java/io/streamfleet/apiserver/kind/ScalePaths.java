package io.streamfleet.apiserver.kind;

import java.util.List;
import java.util.Optional;

/**
 * Where an object keeps what its scale subresource shows.
 *
 * @param specReplicas the path of the wanted number
 * @param statusReplicas the path of the present number
 * @param selector the path of the selector of the pods: a text, or a LabelSelector
 */
public record ScalePaths(
    List<String> specReplicas, List<String> statusReplicas, Optional<List<String>> selector) {

  /** What the workloads of {@code apps} have. */
  static final ScalePaths WORKLOAD =
      new ScalePaths(
          List.of("spec", "replicas"),
          List.of("status", "replicas"),
          Optional.of(List.of("spec", "selector")));

  /** Reads a path as a CRD has it: {@code .spec.workers.replicas}. */
  static List<String> path(String jsonPath) {
    return List.of(jsonPath.substring(1).split("\\.", -1));
  }
}
