package io.streamfleet.apiserver.request;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The path of a resource.
 *
 * @param namespace empty for none or all
 * @param name empty for a list
 * @param subresource empty for the object itself
 * @see <a
 *     href="https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris">Kubernetes
 *     on resource URIs</a>
 */
public record RequestPath(
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource) {

  /** Parses a path, if it is that of a resource. */
  public static Optional<RequestPath> parse(String path) {
    List<String> segments = Arrays.stream(path.split("/", -1)).filter(s -> !s.isEmpty()).toList();
    if (segments.size() >= 3 && segments.getFirst().equals("api")) {
      return Optional.of(below("", segments.get(1), segments.subList(2, segments.size())));
    }
    if (segments.size() >= 4 && segments.getFirst().equals("apis")) {
      return Optional.of(
          below(segments.get(1), segments.get(2), segments.subList(3, segments.size())));
    }
    return Optional.empty();
  }

  private static RequestPath below(String group, String version, List<String> segments) {
    boolean inNamespace =
        segments.size() >= 3
            && segments.getFirst().equals("namespaces")
            && !segments.get(2).equals("status")
            && !segments.get(2).equals("finalize");
    String namespace = inNamespace ? segments.get(1) : "";
    List<String> rest = inNamespace ? segments.subList(2, segments.size()) : segments;
    return new RequestPath(
        group,
        version,
        namespace,
        rest.getFirst(),
        rest.size() > 1 ? rest.get(1) : "",
        rest.size() > 2 ? String.join("/", rest.subList(2, rest.size())) : "");
  }

  /** The request for this path. */
  public ApiRequest request(HttpCall call) {
    String verb =
        switch (call.method()) {
          case "GET", "HEAD" -> call.isSet("watch") ? "watch" : name.isEmpty() ? "list" : "get";
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
          default -> call.method().toLowerCase(java.util.Locale.ROOT);
        };
    return new ApiRequest(
        verb, group, version, resource, subresource, namespace, name, call.userAgent());
  }
}
