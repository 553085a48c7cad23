package io.streamfleet.apiserver.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.failure.ApiFailure.Cause;
import io.streamfleet.apiserver.store.ObjectKey;
import io.streamfleet.apiserver.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Completes objects before they are stored, and refuses invalid ones. */
public final class Admission {

  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private final Store store;
  private final RandomGenerator random;

  /** Looks up namespaces in a store. */
  public Admission(Store store, RandomGenerator random) {
    this.store = store;
    this.random = random;
  }

  /** The target with the name that the object has or gets. */
  Target named(Target target, ObjectNode object) {
    ObjectNode metadata = object.withObject("/metadata");
    String name = metadata.path("name").asText(target.name());
    String prefix = metadata.path("generateName").asText();
    if (name.isEmpty() && !prefix.isEmpty()) {
      name = prefix + suffix();
    }
    if (name.isEmpty()) {
      throw invalid(target, "metadata.name", "Required value: name or generateName is required");
    }
    metadata.put("name", name);
    return new Target(target.type(), target.namespace(), name, target.subresource());
  }

  /** Five characters from an alphabet without vowels, as in Kubernetes. */
  private String suffix() {
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return suffix.toString();
  }

  /** Refuses objects of a namespace that does not exist or is being deleted. */
  void checkNamespace(Target target) {
    if (!target.type().namespaced()) {
      return;
    }
    JsonNode namespace =
        store
            .get(new ObjectKey("", "namespaces", "", target.namespace()))
            .orElseThrow(() -> ApiFailure.notFound("namespaces", target.namespace()));
    if (Metadata.isDeleted(namespace)) {
      throw ApiFailure.namespaceEnds(
          target.type().qualifiedResource(), target.name(), target.namespace());
    }
  }

  /** Prunes, sets defaults and validates; idempotent. */
  void complete(Target target, @Nullable ObjectNode live, ObjectNode object, WriteOptions options) {
    target
        .type()
        .schema()
        .ifPresentOrElse(
            schema -> {
              List<String> unknown = schema.prune(object);
              if (!unknown.isEmpty()) {
                options.unknownFields().accept(unknown);
              }
              schema.setDefaults(object);
            },
            () -> BuiltinDefaults.set(target.type(), object));
    List<Cause> causes = new ArrayList<>(BuiltinRules.check(target, live, object));
    target.type().schema().ifPresent(schema -> causes.addAll(schema.validate(object)));
    if (!causes.isEmpty()) {
      throw ApiFailure.invalid(target.type().qualifiedKind(), target.name(), causes);
    }
  }

  /** The failure for one invalid field. */
  ApiFailure invalid(Target target, String field, String message) {
    return ApiFailure.invalid(
        target.type().qualifiedKind(),
        target.name(),
        List.of(new Cause("FieldValueInvalid", message, field)));
  }
}
