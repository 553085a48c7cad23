package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.kind.ResourceTypes;
import io.streamfleet.apiserver.store.ObjectKey;
import io.streamfleet.apiserver.store.Selection;
import io.streamfleet.apiserver.store.Store;
import java.time.Clock;

/** Defines kinds when CustomResourceDefinitions are stored. */
public final class Definitions {

  private final ResourceTypes types;
  private final Store store;
  private final Clock clock;

  /** Defines kinds among others. */
  public Definitions(ResourceTypes types, Store store, Clock clock) {
    this.types = types;
    this.store = store;
    this.clock = clock;
  }

  private static boolean isDefinition(ResourceType type) {
    return type.qualifiedResource().equals("customresourcedefinitions.apiextensions.k8s.io");
  }

  /** Sets a definition's status to established. */
  void complete(ResourceType type, ObjectNode object) {
    if (!isDefinition(type) || object.path("status").has("conditions")) {
      return;
    }
    ObjectNode status = object.withObject("/status");
    status.set("acceptedNames", object.path("spec").path("names").deepCopy());
    var conditions = status.putArray("conditions");
    for (String condition : new String[] {"NamesAccepted", "Established"}) {
      conditions
          .addObject()
          .put("type", condition)
          .put("status", "True")
          .put("reason", condition.equals("Established") ? "InitialNamesAccepted" : "NoConflicts")
          .put("message", "")
          .put("lastTransitionTime", Timestamps.now(clock));
    }
    var stored = status.putArray("storedVersions");
    object
        .path("spec")
        .path("versions")
        .valueStream()
        .filter(version -> version.path("storage").asBoolean())
        .forEach(version -> stored.add(version.path("name").asText()));
  }

  void stored(ResourceType type, ObjectNode object) {
    if (isDefinition(type)) {
      types.define(object);
    }
  }

  void removed(ResourceType type, ObjectNode object) {
    if (isDefinition(type)) {
      String group = object.path("spec").path("group").asText();
      String resource = object.path("spec").path("names").path("plural").asText();
      types.forget(object);
      // Objects of a removed kind are deleted at once, with or without finalizers.
      for (ObjectKey key : store.keys(Selection.all(group, resource))) {
        store.remove(key);
      }
    }
  }
}
