package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.streamfleet.operator.resource.Fleet;
import java.util.Map;
import java.util.TreeMap;

/** What all objects of a fleet have at their head. */
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

  /** An object of an API whose types Fabric8 lacks. */
  static GenericKubernetesResource generic(
      Fleet fleet, String apiVersion, String kind, String name, Map<String, Object> spec) {
    GenericKubernetesResource resource = new GenericKubernetesResource();
    resource.setApiVersion(apiVersion);
    resource.setKind(kind);
    resource.setMetadata(of(fleet, name));
    resource.setAdditionalProperty("spec", spec);
    return resource;
  }

  /** What a user gave, except where it is ours. */
  static Map<String, String> merged(Map<String, String> given, Map<String, String> ours) {
    Map<String, String> merged = new TreeMap<>(given);
    merged.putAll(ours);
    return merged;
  }
}
