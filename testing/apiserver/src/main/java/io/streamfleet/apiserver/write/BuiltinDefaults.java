package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.kind.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Sets defaults of built-in kinds: those that could make an operator write for ever, or that
 * determine its replicas.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/">the API reference</a>
 */
final class BuiltinDefaults {

  private BuiltinDefaults() {}

  static void set(ResourceType type, ObjectNode object) {
    switch (type.qualifiedResource()) {
      case "deployments.apps" -> {
        setDeployment(object.withObject("/spec"));
        PodDefaults.set(object.withObject("/spec/template/spec"));
      }
      case "replicasets.apps", "statefulsets.apps" -> {
        absent(object.withObject("/spec"), "replicas", 1);
        PodDefaults.set(object.withObject("/spec/template/spec"));
      }
      case "pods" -> {
        PodDefaults.set(object.withObject("/spec"));
        absent(object.withObject("/status"), "phase", "Pending");
      }
      case "services" -> setService(object.withObject("/spec"));
      case "namespaces" -> {
        absent(object.withObject("/status"), "phase", "Active");
        object
            .withObject("/metadata/labels")
            .put("kubernetes.io/metadata.name", object.path("metadata").path("name").asText());
      }
      case "secrets" -> setSecret(object);
      case "networkpolicies.networking.k8s.io" -> setNetworkPolicy(object.withObject("/spec"));
      default -> {
        // Stored unchanged.
      }
    }
  }

  private static void setDeployment(ObjectNode spec) {
    absent(spec, "replicas", 1);
    absent(spec, "revisionHistoryLimit", 10);
    absent(spec, "progressDeadlineSeconds", 600);
    ObjectNode strategy = spec.withObject("/strategy");
    absent(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate")) {
      absent(strategy.withObject("/rollingUpdate"), "maxSurge", "25%");
      absent(strategy.withObject("/rollingUpdate"), "maxUnavailable", "25%");
    }
  }

  private static void setService(ObjectNode spec) {
    absent(spec, "type", "ClusterIP");
    absent(spec, "sessionAffinity", "None");
    absent(spec, "internalTrafficPolicy", "Cluster");
    absent(spec, "ipFamilyPolicy", "SingleStack");
    if (!spec.has("ipFamilies")) {
      spec.putArray("ipFamilies").add("IPv4");
    }
    if (spec.path("clusterIP").asText().equals("None") && !spec.has("clusterIPs")) {
      spec.putArray("clusterIPs").add("None");
    }
    for (JsonNode port : spec.path("ports")) {
      absent((ObjectNode) port, "protocol", "TCP");
      if (!port.has("targetPort")) {
        ((ObjectNode) port).set("targetPort", port.path("port"));
      }
    }
  }

  /** stringData is only accepted in writes and is stored as data. */
  private static void setSecret(ObjectNode secret) {
    absent(secret, "type", "Opaque");
    JsonNode texts = secret.remove("stringData");
    if (texts != null) {
      ObjectNode data = secret.withObject("/data");
      texts
          .properties()
          .forEach(
              text ->
                  data.put(
                      text.getKey(),
                      Base64.getEncoder()
                          .encodeToString(
                              text.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }
  }

  private static void setNetworkPolicy(ObjectNode spec) {
    if (!spec.has("policyTypes")) {
      spec.putArray("policyTypes").add("Ingress");
      if (spec.has("egress")) {
        spec.withArray("/policyTypes").add("Egress");
      }
    }
    for (String direction : new String[] {"ingress", "egress"}) {
      spec.path(direction)
          .forEach(
              rule ->
                  rule.path("ports").forEach(port -> absent((ObjectNode) port, "protocol", "TCP")));
    }
  }

  static void absent(ObjectNode object, String field, String value) {
    if (!object.hasNonNull(field)) {
      object.put(field, value);
    }
  }

  static void absent(ObjectNode object, String field, int value) {
    if (!object.hasNonNull(field)) {
      object.put(field, value);
    }
  }
}
