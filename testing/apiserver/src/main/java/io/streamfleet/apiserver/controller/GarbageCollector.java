package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.store.ObjectKey;
import io.streamfleet.apiserver.store.Selection;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.store.Watch;
import io.streamfleet.apiserver.store.WatchEvent;
import io.streamfleet.apiserver.write.DeleteOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects without remaining owners. For foreground deletion it keeps an owner until its
 * dependents are deleted; for orphaning it removes the owner references.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/architecture/garbage-collection/">Kubernetes on
 *     garbage collection</a>
 */
final class GarbageCollector implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);

  private static final Duration WATCH_POLL = Duration.ofMinutes(1);
  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  private final Store store;
  private final ClusterObjects objects;
  private final Watch watch;

  /** Keys of the existing objects, by uid. Owned by the collector's thread. */
  private final Map<String, ObjectKey> alive = new HashMap<>();

  /** Keys of the dependents, by the uid of the owner. */
  private final Map<String, Set<ObjectKey>> dependents = new HashMap<>();

  GarbageCollector(Store store, ClusterObjects objects) {
    this.store = store;
    this.objects = objects;
    this.watch = store.watch(Selection.everything(), OptionalLong.empty());
    Thread.ofVirtual().name("garbage-collector").start(this::run);
  }

  private void run() {
    try {
      while (!watch.isClosed()) {
        Optional<WatchEvent> event = watch.next(WATCH_POLL);
        if (event.isPresent()) {
          handle(event.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(WatchEvent event) {
    try {
      if (event.type() == WatchEvent.Type.DELETED) {
        gone(event.key(), event.object());
      } else {
        there(event.key(), event.object());
      }
    } catch (RuntimeException e) {
      LOG.error("what hangs on {} cannot be collected", event.key(), e);
    }
  }

  private static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText();
  }

  private void there(ObjectKey key, ObjectNode object) {
    alive.put(uid(object), key);
    JsonNode metadata = object.path("metadata");
    for (JsonNode reference : metadata.path("ownerReferences")) {
      dependents.computeIfAbsent(uidOf(reference), unknown -> new LinkedHashSet<>()).add(key);
    }
    if (!metadata.has("deletionTimestamp")) {
      collectIfAbandoned(key, object);
    } else if (holds(object, FOREGROUND)) {
      deleteForeground(key, object);
    } else if (holds(object, ORPHAN)) {
      setFree(key, object);
    }
  }

  /** An owner reference has its uid at the top level, an object in its metadata. */
  private static String uidOf(JsonNode reference) {
    return reference.path("uid").asText();
  }

  private void gone(ObjectKey key, ObjectNode object) {
    alive.remove(uid(object));
    for (ObjectKey dependent : dependentsOf(uid(object))) {
      store.get(dependent).ifPresent(now -> collectIfAbandoned(dependent, now));
    }
    dependents.remove(uid(object));
    for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
      dependentsOf(uidOf(reference)).remove(key);
      ObjectKey owner = alive.get(uidOf(reference));
      if (owner != null) {
        store
            .get(owner)
            .filter(now -> holds(now, FOREGROUND))
            .ifPresent(now -> deleteForeground(owner, now));
      }
    }
  }

  private Set<ObjectKey> dependentsOf(String uid) {
    return dependents.getOrDefault(uid, new LinkedHashSet<>());
  }

  private void collectIfAbandoned(ObjectKey key, ObjectNode object) {
    JsonNode references = object.path("metadata").path("ownerReferences");
    if (!references.isEmpty()
        && references.valueStream().noneMatch(owner -> alive.containsKey(uidOf(owner)))) {
      objects.delete(key, DeleteOptions.background());
    }
  }

  private static boolean holds(ObjectNode object, String finalizer) {
    return object
        .path("metadata")
        .path("finalizers")
        .valueStream()
        .anyMatch(other -> other.asText().equals(finalizer));
  }

  private void deleteForeground(ObjectKey owner, ObjectNode object) {
    boolean none = true;
    for (ObjectKey dependent : Set.copyOf(dependentsOf(uid(object)))) {
      if (store.get(dependent).isPresent()) {
        none = false;
        objects.delete(dependent, DeleteOptions.background());
      }
    }
    if (none) {
      release(owner, object, FOREGROUND);
    }
  }

  private void setFree(ObjectKey owner, ObjectNode object) {
    for (ObjectKey dependent : Set.copyOf(dependentsOf(uid(object)))) {
      store
          .get(dependent)
          .ifPresent(
              now ->
                  objects.patch(
                      dependent,
                      without(now, "ownerReferences", other -> uidOf(other).equals(uid(object)))));
    }
    dependents.remove(uid(object));
    release(owner, object, ORPHAN);
  }

  private void release(ObjectKey owner, ObjectNode object, String finalizer) {
    objects.patch(owner, without(object, "finalizers", other -> other.asText().equals(finalizer)));
  }

  private static ObjectNode without(ObjectNode object, String list, Predicate<JsonNode> unwanted) {
    ArrayNode rest = JsonNodeFactory.instance.arrayNode();
    object.path("metadata").path(list).valueStream().filter(unwanted.negate()).forEach(rest::add);
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").set(list, rest);
    return patch;
  }

  @Override
  public void close() {
    watch.close();
  }
}
