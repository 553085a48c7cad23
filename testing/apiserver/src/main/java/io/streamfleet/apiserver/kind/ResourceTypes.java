package io.streamfleet.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All present kinds. Thread-safe. */
public final class ResourceTypes {

  private volatile List<ResourceType> types = BuiltinTypes.all();

  /** Every version of every kind. */
  public List<ResourceType> all() {
    return types;
  }

  /** The kind for a path. */
  public Optional<ResourceType> find(String group, String version, String resource) {
    return first(
        type ->
            type.group().equals(group)
                && type.version().equals(version)
                && type.resource().equals(resource));
  }

  /** The kind of an object, by its apiVersion and kind. */
  public Optional<ResourceType> ofKind(String apiVersion, String kind) {
    return first(type -> type.apiVersion().equals(apiVersion) && type.kind().equals(kind));
  }

  /** The kind in its storage version. */
  public Optional<ResourceType> any(String group, String resource) {
    return first(type -> type.group().equals(group) && type.resource().equals(resource));
  }

  private Optional<ResourceType> first(Predicate<ResourceType> wanted) {
    return types.stream().filter(wanted).findFirst();
  }

  /** Adds or replaces the kinds of a CustomResourceDefinition. */
  public synchronized void define(JsonNode crd) {
    types = Stream.concat(without(crd), CustomTypes.of(crd).stream()).toList();
  }

  /** Removes the kinds of a CustomResourceDefinition. */
  public synchronized void forget(JsonNode crd) {
    types = without(crd).toList();
  }

  private Stream<ResourceType> without(JsonNode crd) {
    String group = crd.path("spec").path("group").asText();
    String resource = crd.path("spec").path("names").path("plural").asText();
    return types.stream()
        .filter(type -> !type.group().equals(group) || !type.resource().equals(resource));
  }
}
