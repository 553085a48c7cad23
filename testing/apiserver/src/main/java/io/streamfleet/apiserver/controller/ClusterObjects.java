package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.kind.ResourceTypes;
import io.streamfleet.apiserver.merge.Patch;
import io.streamfleet.apiserver.store.ObjectKey;
import io.streamfleet.apiserver.store.Selection;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.write.DeleteOptions;
import io.streamfleet.apiserver.write.Deleter;
import io.streamfleet.apiserver.write.Target;
import io.streamfleet.apiserver.write.WriteOptions;
import io.streamfleet.apiserver.write.Writer;
import java.util.List;
import java.util.Optional;

/**
 * Gives controllers the objects of the store as Fabric8's model. They make no HTTP requests, so
 * tests that count requests count those of clients only.
 */
final class ClusterObjects {

  private static final WriteOptions CONTROLLER = WriteOptions.by("kube-controller-manager");

  private final ResourceTypes types;
  private final Store store;
  private final Writer writer;
  private final Deleter deleter;
  private final ObjectMapper json = new ObjectMapper();

  /** Without searching the class path for all kinds, which takes seconds. */
  private final KubernetesSerialization model =
      new KubernetesSerialization(new ObjectMapper(), false);

  ClusterObjects(ResourceTypes types, Store store, Writer writer, Deleter deleter) {
    this.types = types;
    this.store = store;
    this.writer = writer;
    this.deleter = deleter;
  }

  private ResourceType type(Class<? extends HasMetadata> kind) {
    return types.ofKind(HasMetadata.getApiVersion(kind), HasMetadata.getKind(kind)).orElseThrow();
  }

  private Target target(HasMetadata object) {
    return Target.of(
        type(object.getClass()),
        object.getMetadata().getNamespace(),
        Optional.ofNullable(object.getMetadata().getName()).orElse(""));
  }

  <T extends HasMetadata> T read(JsonNode object, Class<T> kind) {
    return model.convertValue(object, kind);
  }

  <T extends HasMetadata> Optional<T> get(Class<T> kind, String namespace, String name) {
    return store
        .get(Target.of(type(kind), namespace, name).key())
        .map(object -> read(object, kind));
  }

  /** The objects that an object owns. */
  <T extends HasMetadata> List<T> ownedBy(HasMetadata owner, Class<T> kind) {
    ResourceType type = type(kind);
    String uid = owner.getMetadata().getUid();
    Selection selection =
        new Selection(
            type.group(),
            type.resource(),
            owner.getMetadata().getNamespace(),
            object ->
                object
                    .path("metadata")
                    .path("ownerReferences")
                    .valueStream()
                    .anyMatch(reference -> reference.path("uid").asText().equals(uid)));
    return store.list(selection).items().stream().map(object -> read(object, kind)).toList();
  }

  void create(HasMetadata object) {
    writer.create(target(object), tree(object), CONTROLLER);
  }

  /** Merges fields into an object, if it still exists. */
  void patch(HasMetadata object, ObjectNode fields) {
    patch(target(object), fields);
  }

  /** Merges fields into the status of an object, if it still exists. */
  void patchStatus(HasMetadata object, ObjectNode status) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.set("status", status);
    patch(target(object).status(), patch);
  }

  private void patch(Target target, ObjectNode fields) {
    unlessGone(() -> writer.patch(target, new Patch.Merge(fields), CONTROLLER));
  }

  /** Deletes an object, if it still exists and has the same uid. */
  void delete(HasMetadata object, DeleteOptions options) {
    DeleteOptions same =
        new DeleteOptions(
            options.gracePeriodSeconds(),
            options.propagation(),
            object.getMetadata().getUid(),
            options.resourceVersion());
    unlessGone(() -> deleter.delete(target(object), same));
  }

  /** Deletes the object with this key, if it exists. */
  void delete(ObjectKey key, DeleteOptions options) {
    types
        .any(key.group(), key.resource())
        .ifPresent(
            type ->
                unlessGone(
                    () -> deleter.delete(Target.of(type, key.namespace(), key.name()), options)));
  }

  /** Merges fields into the object with this key, if it exists. */
  void patch(ObjectKey key, ObjectNode fields) {
    types
        .any(key.group(), key.resource())
        .ifPresent(type -> patch(Target.of(type, key.namespace(), key.name()), fields));
  }

  private static void unlessGone(Runnable write) {
    try {
      write.run();
    } catch (ApiFailure failure) {
      if (failure.code() != 404 && failure.code() != 409) {
        throw failure;
      }
    }
  }

  /** By way of text, so that numbers are as a client would send them. */
  ObjectNode tree(Object object) {
    try {
      return (ObjectNode) json.readTree(model.asJson(object));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an object of the model is no JSON", e);
    }
  }
}
