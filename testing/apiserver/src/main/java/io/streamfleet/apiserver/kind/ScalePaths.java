package io.streamfleet.apiserver.kind;

import java.util.List;
import java.util.Optional;

/**
 * Where an object has the values of its scale subresource.
 *
 * @param specReplicas the path of the wanted number
 * @param statusReplicas the path of the present number
 * @param selector the path of the pods' selector: a text, or a LabelSelector
 */
public record ScalePaths(
    List<String> specReplicas, List<String> statusReplicas, Optional<List<String>> selector) {

  /** For the workloads of {@code apps}. */
  static final ScalePaths WORKLOAD =
      new ScalePaths(
          List.of("spec", "replicas"),
          List.of("status", "replicas"),
          Optional.of(List.of("spec", "selector")));

  /** Parses a path of a CRD: {@code .spec.workers.replicas}. */
  static List<String> path(String jsonPath) {
    return List.of(jsonPath.substring(1).split("\\.", -1));
  }
}
