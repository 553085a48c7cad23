package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.store.Store;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Deletes objects: at once, or by marking them while finalizers or a grace period keep them. */
public final class Deleter {

  /** Kubernetes' default for pods. */
  private static final long DEFAULT_GRACE_SECONDS = 30;

  private final Store store;
  private final Clock clock;
  private final Definitions definitions;

  /** Deletes from a store. */
  public Deleter(Store store, Clock clock, Definitions definitions) {
    this.store = store;
    this.clock = clock;
    this.definitions = definitions;
  }

  /**
   * Deletes an object; a running pod or an object with finalizers is only marked.
   *
   * @return the last state, or the marked object
   * @throws ApiFailure if it does not exist, or a precondition fails
   */
  public ObjectNode delete(Target target, DeleteOptions options) {
    return store.exclusively(
        () -> {
          ObjectNode live =
              store
                  .get(target.key())
                  .orElseThrow(
                      () -> ApiFailure.notFound(target.type().qualifiedResource(), target.name()));
          checkPreconditions(target, live, options);
          ObjectNode marked = marked(target, live, options);
          if (Metadata.isGone(marked)) {
            store.remove(target.key());
            definitions.removed(target.type(), marked);
            return marked;
          }
          return marked.equals(live) ? live : store.put(target.key(), marked);
        });
  }

  private static void checkPreconditions(Target target, ObjectNode live, DeleteOptions options) {
    JsonNode metadata = live.path("metadata");
    boolean other =
        !options.uid().isEmpty() && !options.uid().equals(metadata.path("uid").asText());
    boolean newer =
        !options.resourceVersion().isEmpty()
            && !options.resourceVersion().equals(metadata.path("resourceVersion").asText());
    if (other || newer) {
      throw ApiFailure.conflict(
          target.type().qualifiedResource(),
          target.name(),
          "Precondition failed: the object is another, or was changed");
    }
  }

  private ObjectNode marked(Target target, ObjectNode live, DeleteOptions options) {
    ObjectNode marked = live.deepCopy();
    ObjectNode metadata = marked.withObject("/metadata");
    long grace = grace(target, live, options);
    boolean again = Metadata.isDeleted(live);
    if (!again || grace < metadata.path("deletionGracePeriodSeconds").asLong()) {
      metadata.put("deletionGracePeriodSeconds", grace);
      metadata.put(
          "deletionTimestamp",
          clock.instant().plusSeconds(grace).truncatedTo(ChronoUnit.SECONDS).toString());
    }
    if (!again && metadata.has("generation")) {
      metadata.put("generation", metadata.path("generation").asInt() + 1);
    }
    switch (options.propagation()) {
      case "Foreground" -> hold(metadata, "foregroundDeletion");
      case "Orphan" -> hold(metadata, "orphan");
      default -> {
        // Dependents are deleted afterwards.
      }
    }
    if (target.type().qualifiedResource().equals("namespaces") && !again) {
      // Its content is deleted first; see NamespaceController.
      hold(metadata, "kubernetes");
      marked.withObject("/status").put("phase", "Terminating");
    }
    return marked;
  }

  private static void hold(ObjectNode metadata, String finalizer) {
    ArrayNode finalizers = metadata.withArray("/finalizers");
    if (finalizers.valueStream().noneMatch(other -> other.asText().equals(finalizer))) {
      finalizers.add(finalizer);
    }
  }

  /** Only a running pod has a grace period. */
  private static long grace(Target target, ObjectNode live, DeleteOptions options) {
    boolean runs =
        target.type().qualifiedResource().equals("pods")
            && live.path("spec").hasNonNull("nodeName")
            && !live.path("status").path("phase").asText().matches("Succeeded|Failed");
    if (!runs) {
      return 0;
    }
    return options
        .gracePeriodSeconds()
        .orElse(
            live.path("spec").path("terminationGracePeriodSeconds").asLong(DEFAULT_GRACE_SECONDS));
  }
}
