package io.streamfleet.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.kind.ResourceTypes;
import java.util.List;

/**
 * The OpenAPI documents: version 3, one for each group and version, and version 2, one for
 * everything, which {@code kubectl} before 1.27 requests.
 */
public final class OpenApi {

  /** The paths of both versions. */
  public static final String V3 = "/openapi/v3";

  public static final String V2 = "/openapi/v2";

  private final ResourceTypes types;

  /** Describes the present kinds. */
  public OpenApi(ResourceTypes types) {
    this.types = types;
  }

  /**
   * Version 3.
   *
   * @param path the list of documents, or one of them
   * @throws ApiFailure 404 if there is none
   */
  public ObjectNode v3(String path) {
    return path.equals(V3) ? index() : document(path.substring(V3.length() + 1));
  }

  /** Version 2: schemas of the kinds, without paths. */
  public ObjectNode v2() {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("swagger", "2.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1");
    document.putObject("paths");
    ObjectNode definitions = document.putObject("definitions");
    new Schemas(types.all(), name -> "#/definitions/" + name).byName().forEach(definitions::set);
    return document;
  }

  private static String place(ResourceType type) {
    return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
  }

  private ObjectNode index() {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ObjectNode paths = index.putObject("paths");
    for (ResourceType type : types.all()) {
      paths.putObject(place(type)).put("serverRelativeURL", V3 + "/" + place(type));
    }
    return index;
  }

  private ObjectNode document(String place) {
    List<ResourceType> wanted = types.all().stream().filter(it -> place(it).equals(place)).toList();
    if (wanted.isEmpty()) {
      throw ApiFailure.noSuchPath();
    }
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1");
    ObjectNode paths = document.putObject("paths");
    wanted.forEach(type -> addPaths(type, "/" + place, paths));
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    new Schemas(wanted, name -> "#/components/schemas/" + name).byName().forEach(schemas::set);
    return document;
  }

  private static void addPaths(ResourceType type, String place, ObjectNode paths) {
    String namespace = type.namespaced() ? "/namespaces/{namespace}" : "";
    String all = place + namespace + "/" + type.resource();
    operation(type, paths.putObject(all), "get");
    ObjectNode one = paths.putObject(all + "/{name}");
    operation(type, one, "get");
    ObjectNode patch = operation(type, one, "patch");
    // These parameters tell kubectl that the server validates fields.
    for (String parameter : List.of("dryRun", "fieldValidation")) {
      patch.withArray("/parameters").addObject().put("name", parameter).put("in", "query");
    }
  }

  private static ObjectNode operation(ResourceType type, ObjectNode path, String method) {
    ObjectNode operation = path.putObject(method);
    operation
        .putObject(Schemas.KIND)
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
    return operation;
  }
}
