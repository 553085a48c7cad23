package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.merge.FieldManager;
import io.streamfleet.apiserver.merge.FieldManager.Operation;
import io.streamfleet.apiserver.merge.Ownership;
import io.streamfleet.apiserver.merge.Patch;
import io.streamfleet.apiserver.store.Store;
import java.time.Clock;
import java.util.Optional;

/** Creates and changes objects. Thread-safe; each write is atomic. */
public final class Writer {

  private final Store store;
  private final Clock clock;
  private final Admission admission;
  private final Definitions definitions;

  /** Writes into a store. */
  public Writer(Store store, Clock clock, Admission admission, Definitions definitions) {
    this.store = store;
    this.clock = clock;
    this.admission = admission;
    this.definitions = definitions;
  }

  /**
   * Creates an object.
   *
   * @param target its name may be empty if the object has a generateName
   * @param body must not be used by the caller afterwards
   * @throws ApiFailure if it exists already, is invalid, or its namespace does not exist
   */
  public ObjectNode create(Target target, ObjectNode body, WriteOptions options) {
    return store.exclusively(
        () -> {
          if (!body.path("metadata").path("resourceVersion").asText().isEmpty()) {
            throw ApiFailure.badRequest(
                "resourceVersion should not be set on objects to be created");
          }
          Target named = admission.named(target, body);
          if (store.get(named.key()).isPresent()) {
            throw ApiFailure.alreadyExists(named.type().qualifiedResource(), named.name());
          }
          body.withObject("/metadata").remove("managedFields");
          if (named.type().statusIsolated()) {
            body.remove("status");
          }
          return born(named, body, options, Operation.Update);
        });
  }

  /**
   * An applied configuration is owned before defaults are set; an update also owns the defaults.
   */
  private ObjectNode born(
      Target target, ObjectNode object, WriteOptions options, Operation operation) {
    admission.checkNamespace(target);
    Metadata.identify(target, object);
    Metadata.initialize(target.type(), object, Timestamps.now(clock));
    admission.complete(target, null, object, options);
    if (operation == Operation.Update) {
      ownership(target, options, operation).updated(empty(), object);
    }
    return commit(target, object, options);
  }

  /**
   * Replaces an object or its status.
   *
   * @param body must not be used by the caller afterwards
   * @throws ApiFailure if it does not exist, is invalid, or was changed meanwhile
   */
  public ObjectNode replace(Target target, ObjectNode body, WriteOptions options) {
    return store.exclusively(
        () -> {
          ObjectNode live = existing(target);
          if (target.type().isCustom()
              && body.path("metadata").path("resourceVersion").asText().isEmpty()) {
            throw admission.invalid(
                target,
                "metadata.resourceVersion",
                "Invalid value: 0x0: must be specified for an update");
          }
          return update(target, live, body, options);
        });
  }

  /**
   * Patches an object or its status; apply creates the object if needed.
   *
   * @throws ApiFailure if it does not exist, is invalid, was changed meanwhile, or others own
   *     applied fields
   */
  public ObjectNode patch(Target target, Patch patch, WriteOptions options) {
    return store.exclusively(
        () ->
            patch instanceof Patch.Apply apply
                ? apply(target, apply, options)
                : update(
                    target,
                    existing(target),
                    Patch.patched(target.type(), existing(target), patch),
                    options));
  }

  private ObjectNode apply(Target target, Patch.Apply apply, WriteOptions options) {
    ObjectNode config = apply.config().deepCopy();
    if (!config.path("metadata").path("managedFields").isEmpty()) {
      throw ApiFailure.badRequest("metadata.managedFields must be nil");
    }
    Metadata.identify(target, config);
    Optional<ObjectNode> found = store.get(target.key());
    if (found.isEmpty() && target.subresource().isEmpty()) {
      ObjectNode object =
          ownership(target, options, Operation.Apply)
              .applied(empty(), Isolation.own(target, config), apply.force());
      return born(target, object, options, Operation.Apply);
    }
    ObjectNode live = existing(target);
    Metadata.expectSame(target, live, config);
    ObjectNode next =
        ownership(target, options, Operation.Apply)
            .applied(live, Isolation.own(target, config), apply.force());
    Metadata.keep(live, next);
    admission.complete(target, live, next, options);
    return changed(target, live, next, options);
  }

  private ObjectNode update(Target target, ObjectNode live, ObjectNode body, WriteOptions options) {
    ObjectNode candidate = body.deepCopy();
    Metadata.identify(target, candidate);
    Metadata.expectSame(target, live, candidate);
    ObjectNode next = Isolation.isolated(target, live, candidate);
    Metadata.keep(live, next);
    admission.complete(target, live, next, options);
    ownership(target, options, Operation.Update).updated(live, next);
    return changed(target, live, next, options);
  }

  private ObjectNode changed(
      Target target, ObjectNode live, ObjectNode next, WriteOptions options) {
    if (next.equals(live)) {
      return live;
    }
    if (target.type().hasGeneration() && Isolation.differsInSpec(live, next)) {
      ObjectNode metadata = next.withObject("/metadata");
      metadata.put("generation", metadata.path("generation").asInt() + 1);
    }
    return commit(target, next, options);
  }

  private ObjectNode commit(Target target, ObjectNode object, WriteOptions options) {
    if (options.dryRun()) {
      return object;
    }
    definitions.complete(target.type(), object);
    if (Metadata.isGone(object)) {
      store.remove(target.key());
      definitions.removed(target.type(), object);
      return object;
    }
    ObjectNode stored = store.put(target.key(), object);
    definitions.stored(target.type(), stored);
    return stored;
  }

  private ObjectNode existing(Target target) {
    return store
        .get(target.key())
        .orElseThrow(() -> ApiFailure.notFound(target.type().qualifiedResource(), target.name()));
  }

  private Ownership ownership(Target target, WriteOptions options, Operation operation) {
    ResourceType type = target.type();
    return new Ownership(
        type.shape(),
        new FieldManager(options.manager(), operation, type.apiVersion(), target.subresource()),
        Timestamps.now(clock));
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }
}
