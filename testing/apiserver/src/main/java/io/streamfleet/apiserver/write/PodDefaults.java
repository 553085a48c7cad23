package io.streamfleet.apiserver.write;

import static io.streamfleet.apiserver.write.BuiltinDefaults.absent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Sets the defaults of a pod's spec, in a template or a pod. */
final class PodDefaults {

  /** Readable by all, the default for mounted Secrets and ConfigMaps. */
  private static final int FILE_MODE = 0644;

  private PodDefaults() {}

  static void set(ObjectNode spec) {
    absent(spec, "restartPolicy", "Always");
    absent(spec, "dnsPolicy", "ClusterFirst");
    absent(spec, "schedulerName", "default-scheduler");
    absent(spec, "terminationGracePeriodSeconds", 30);
    spec.withObject("/securityContext");
    if (spec.has("serviceAccountName")) {
      absent(spec, "serviceAccount", spec.path("serviceAccountName").asText());
    }
    for (String list : new String[] {"containers", "initContainers"}) {
      spec.path(list).forEach(container -> setContainer((ObjectNode) container));
    }
    spec.path("volumes").forEach(PodDefaults::setVolume);
  }

  private static void setContainer(ObjectNode container) {
    String image = container.path("image").asText();
    boolean latest = image.endsWith(":latest") || image.lastIndexOf(':') <= image.lastIndexOf('/');
    absent(
        container, "imagePullPolicy", latest && !image.contains("@") ? "Always" : "IfNotPresent");
    absent(container, "terminationMessagePath", "/dev/termination-log");
    absent(container, "terminationMessagePolicy", "File");
    container.withObject("/resources");
    container.path("ports").forEach(port -> absent((ObjectNode) port, "protocol", "TCP"));
    for (JsonNode variable : container.path("env")) {
      if (variable.path("valueFrom").path("fieldRef") instanceof ObjectNode reference) {
        absent(reference, "apiVersion", "v1");
      }
    }
    for (String probe : new String[] {"livenessProbe", "readinessProbe", "startupProbe"}) {
      if (container.path(probe) instanceof ObjectNode object) {
        setProbe(object);
      }
    }
  }

  private static void setProbe(ObjectNode probe) {
    absent(probe, "timeoutSeconds", 1);
    absent(probe, "periodSeconds", 10);
    absent(probe, "successThreshold", 1);
    absent(probe, "failureThreshold", 3);
    if (probe.path("httpGet") instanceof ObjectNode http) {
      absent(http, "scheme", "HTTP");
      absent(http, "path", "/");
    }
  }

  private static void setVolume(JsonNode volume) {
    for (String source : new String[] {"configMap", "secret", "projected", "downwardAPI"}) {
      if (volume.path(source) instanceof ObjectNode object) {
        absent(object, "defaultMode", FILE_MODE);
      }
    }
  }
}
