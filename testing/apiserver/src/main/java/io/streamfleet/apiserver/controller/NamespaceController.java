package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.store.ObjectKey;
import io.streamfleet.apiserver.store.Selection;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.store.WatchEvent;
import io.streamfleet.apiserver.write.DeleteOptions;
import java.util.List;
import java.util.stream.Stream;

/** Deletes the content of a namespace that is being deleted, and then the namespace. */
final class NamespaceController {

  private static final String FINALIZER = "kubernetes";

  private final Store store;
  private final ClusterObjects objects;

  NamespaceController(Store store, ClusterObjects objects) {
    this.store = store;
    this.objects = objects;
  }

  /** A namespace that changed, or the namespace of a deleted object. */
  static Stream<ObjectKey> concerned(WatchEvent event) {
    ObjectKey key = event.key();
    if (key.resource().equals("namespaces") && key.group().isEmpty()) {
      return Stream.of(key);
    }
    return event.type() == WatchEvent.Type.DELETED && !key.namespace().isEmpty()
        ? Stream.of(new ObjectKey("", "namespaces", "", key.namespace()))
        : Stream.empty();
  }

  void reconcile(ObjectKey key) {
    store
        .get(key)
        .filter(namespace -> namespace.path("metadata").has("deletionTimestamp"))
        .ifPresent(namespace -> empty(key, namespace));
  }

  private void empty(ObjectKey key, JsonNode namespace) {
    List<ObjectKey> content =
        store.keys(Selection.everything()).stream()
            .filter(object -> object.namespace().equals(key.name()))
            .toList();
    if (!content.isEmpty()) {
      content.forEach(object -> objects.delete(object, DeleteOptions.background()));
      return;
    }
    ArrayNode rest = JsonNodeFactory.instance.arrayNode();
    namespace
        .path("metadata")
        .path("finalizers")
        .valueStream()
        .filter(finalizer -> !finalizer.asText().equals(FINALIZER))
        .forEach(rest::add);
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").set("finalizers", rest);
    objects.patch(key, patch);
  }
}
