package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.kind.ResourceTypes;

/**
 * The least of OpenAPI that kubectl needs: that fields are validated here and not by itself. What
 * the kinds look like is not told.
 */
final class OpenApi {

  private static final String ROOT = "/openapi/v3";

  private final ResourceTypes types;

  OpenApi(ResourceTypes types) {
    this.types = types;
  }

  Answer answer(String path) {
    return Answer.ok(path.equals(ROOT) ? index() : document(path.substring(ROOT.length() + 1)));
  }

  private static String place(ResourceType type) {
    return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
  }

  private ObjectNode index() {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ObjectNode paths = index.putObject("paths");
    for (ResourceType type : types.all()) {
      paths.putObject(place(type)).put("serverRelativeURL", ROOT + "/" + place(type));
    }
    return index;
  }

  private ObjectNode document(String place) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1");
    ObjectNode paths = document.putObject("paths");
    for (ResourceType type : types.all()) {
      if (place(type).equals(place)) {
        String namespace = type.namespaced() ? "/namespaces/{namespace}" : "";
        ObjectNode patch =
            paths
                .putObject("/" + place + namespace + "/" + type.resource() + "/{name}")
                .putObject("patch");
        patch.putArray("parameters").addObject().put("name", "fieldValidation").put("in", "query");
        patch
            .putObject("x-kubernetes-group-version-kind")
            .put("group", type.group())
            .put("version", type.version())
            .put("kind", type.kind());
      }
    }
    if (paths.isEmpty()) {
      throw ApiFailure.noSuchPath();
    }
    return document;
  }
}
