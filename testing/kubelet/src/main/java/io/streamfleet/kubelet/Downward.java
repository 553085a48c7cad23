package io.streamfleet.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The downward API: fields of a pod for its own container. */
final class Downward {

  private static final Pattern ONE_OF_MANY =
      Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

  private Downward() {}

  /**
   * A field of a pod.
   *
   * @throws NotYet for an unsupported one
   */
  static String field(Pod pod, String path) {
    Matcher one = ONE_OF_MANY.matcher(path);
    if (one.matches()) {
      return all(pod, one.group(1)).getOrDefault(one.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "metadata.labels", "metadata.annotations" ->
          all(pod, path.substring("metadata.".length())).entrySet().stream()
              .map(entry -> "%s=\"%s\"".formatted(entry.getKey(), entry.getValue()))
              .sorted()
              .collect(Collectors.joining("\n"));
      case "spec.serviceAccountName" ->
          Objects.requireNonNullElse(pod.getSpec().getServiceAccountName(), "default");
      case "spec.nodeName" -> "streamfleet";
      case "status.podIP", "status.hostIP", "status.podIPs", "status.hostIPs" -> "127.0.0.1";
      default -> throw new NotYet("the field %s of a pod is not known here".formatted(path));
    };
  }

  private static Map<String, String> all(Pod pod, String which) {
    Map<String, String> all =
        which.equals("labels") ? pod.getMetadata().getLabels() : pod.getMetadata().getAnnotations();
    return Objects.requireNonNullElse(all, Map.of());
  }
}
