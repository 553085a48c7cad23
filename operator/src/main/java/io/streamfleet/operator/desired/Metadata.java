package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.streamfleet.operator.resource.Fleet;
import java.util.Map;
import java.util.TreeMap;

/** The metadata of a fleet's objects. */
final class Metadata {

  private Metadata() {}

  static ObjectMeta of(Fleet fleet, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(fleet.namespace())
        .withLabels(fleet.names().labels())
        .withOwnerReferences(fleet.ownerReference())
        .build();
  }

  /** An object of an API for which Fabric8 has no types. */
  static GenericKubernetesResource generic(
      Fleet fleet, String apiVersion, String kind, String name, Map<String, Object> spec) {
    GenericKubernetesResource resource = new GenericKubernetesResource();
    resource.setApiVersion(apiVersion);
    resource.setKind(kind);
    resource.setMetadata(of(fleet, name));
    resource.setAdditionalProperty("spec", spec);
    return resource;
  }

  /** The user's entries, overridden by ours. */
  static Map<String, String> merged(Map<String, String> users, Map<String, String> ours) {
    Map<String, String> merged = new TreeMap<>(users);
    merged.putAll(ours);
    return merged;
  }
}
