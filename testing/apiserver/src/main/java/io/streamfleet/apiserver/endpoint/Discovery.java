package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.kind.ResourceTypes;
import java.util.List;

/** Answers discovery requests: which kinds exist. */
final class Discovery {

  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  /** Requested by the Kubernetes clients when leader election starts: answered, never stored. */
  private static final List<String> REVIEWS =
      List.of("SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview");

  private static final String AUTHORIZATION = "authorization.k8s.io";

  private final ResourceTypes types;

  Discovery(ResourceTypes types) {
    this.types = types;
  }

  Answer coreVersions() {
    ObjectNode versions = document("APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return Answer.ok(versions);
  }

  Answer groups() {
    ObjectNode list = document("APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    groupNames().forEach(name -> groups.add(groupOf(name)));
    return Answer.ok(list);
  }

  Answer group(String name) {
    if (!groupNames().contains(name)) {
      throw ApiFailure.noSuchPath();
    }
    ObjectNode group = groupOf(name);
    return Answer.ok(group.put("kind", "APIGroup").put("apiVersion", "v1"));
  }

  private List<String> groupNames() {
    return java.util.stream.Stream.concat(
            types.all().stream().map(ResourceType::group),
            java.util.stream.Stream.of(AUTHORIZATION))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  private ObjectNode groupOf(String name) {
    ObjectNode group = JsonNodeFactory.instance.objectNode().put("name", name);
    ArrayNode versions = group.putArray("versions");
    versionsOf(name)
        .forEach(
            version ->
                versions
                    .addObject()
                    .put("groupVersion", name + "/" + version)
                    .put("version", version));
    group.set("preferredVersion", versions.get(0));
    return group;
  }

  private List<String> versionsOf(String group) {
    if (group.equals(AUTHORIZATION)) {
      return List.of("v1");
    }
    return types.all().stream()
        .filter(type -> type.group().equals(group))
        .map(ResourceType::version)
        .distinct()
        .toList();
  }

  Answer resources(String group, String version) {
    ObjectNode list = document("APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : types.all()) {
      if (type.group().equals(group) && type.version().equals(version)) {
        describe(type, resources);
      }
    }
    if (group.equals(AUTHORIZATION)) {
      for (String review : REVIEWS) {
        ObjectNode resource =
            resource(resources, review.toLowerCase(java.util.Locale.ROOT) + "s", false, review);
        resource.putArray("verbs").add("create");
      }
    }
    if (resources.isEmpty()) {
      throw ApiFailure.noSuchPath();
    }
    return Answer.ok(list);
  }

  private static void describe(ResourceType type, ArrayNode resources) {
    ObjectNode resource = resource(resources, type.resource(), type.namespaced(), type.kind());
    resource.put("singularName", type.singular());
    VERBS.forEach(resource.putArray("verbs")::add);
    type.shortNames().forEach(resource.withArray("/shortNames")::add);
    type.categories().forEach(resource.withArray("/categories")::add);
    if (type.statusIsolated()) {
      subresource(resource(resources, type.resource() + "/status", type.namespaced(), type.kind()));
    }
    if (type.scale().isPresent()) {
      ObjectNode scale =
          resource(resources, type.resource() + "/scale", type.namespaced(), "Scale");
      subresource(scale.put("group", "autoscaling").put("version", "v1"));
    }
  }

  private static ObjectNode resource(
      ArrayNode resources, String name, boolean namespaced, String kind) {
    return resources
        .addObject()
        .put("name", name)
        .put("singularName", "")
        .put("namespaced", namespaced)
        .put("kind", kind);
  }

  private static void subresource(ObjectNode resource) {
    resource.putArray("verbs").add("get").add("patch").add("update");
  }

  private static ObjectNode document(String kind) {
    return JsonNodeFactory.instance.objectNode().put("kind", kind);
  }
}
