package io.streamfleet.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;

/**
 * How the fields of built-in kinds merge, by field name: a name means the same in all kinds that a
 * fleet uses. Other fields are structs or maps that merge, or lists that don't.
 *
 * @see <a href="https://github.com/kubernetes/kubernetes/tree/master/api/openapi-spec">{@code
 *     x-kubernetes-list-type} and {@code x-kubernetes-map-type} there</a>
 */
final class BuiltinShape {

  private static final Shape ATOMIC = new Shape.Atomic();
  private static final Map<String, JsonNode> TCP = Map.of("protocol", TextNode.valueOf("TCP"));

  private BuiltinShape() {}

  static Shape root() {
    return new Shape.Granular(name -> field("", name));
  }

  private static Shape field(String parent, String name) {
    return switch (name) {
      case "metadata" -> MetadataShape.get();
      case "containers",
          "initContainers",
          "ephemeralContainers",
          "env",
          "volumes",
          "imagePullSecrets",
          "resourceClaims" ->
          keyed(name, "name");
      case "volumeMounts" -> keyed(name, "mountPath");
      case "volumeDevices" -> keyed(name, "devicePath");
      case "conditions" -> keyed(name, "type");
      case "hostAliases" -> keyed(name, "ip");
      case "topologySpreadConstraints" -> keyed(name, "topologyKey", "whenUnsatisfiable");
      case "ports" -> ports(parent);
      case "selector",
          "labelSelector",
          "podSelector",
          "namespaceSelector",
          "nodeSelector",
          "fieldRef",
          "resourceFieldRef",
          "secretKeyRef",
          "configMapKeyRef",
          "roleRef",
          "involvedObject",
          "regarding",
          "related" ->
          ATOMIC;
      default -> granular(name);
    };
  }

  private static Shape ports(String parent) {
    return switch (parent) {
      case "containers", "initContainers" ->
          new Shape.Keyed(List.of("containerPort", "protocol"), TCP, granular("ports"));
      case "spec" -> new Shape.Keyed(List.of("port", "protocol"), TCP, granular("ports"));
      default -> granular("ports");
    };
  }

  private static Shape keyed(String name, String... keys) {
    return new Shape.Keyed(List.of(keys), Map.of(), granular(name));
  }

  private static Shape granular(String name) {
    return new Shape.Granular(field -> field(name, field));
  }
}
