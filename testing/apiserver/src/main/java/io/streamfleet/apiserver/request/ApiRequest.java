package io.streamfleet.apiserver.request;

/**
 * A request in terms of RBAC.
 *
 * @param verb get, list, watch, create, update, patch, delete or deletecollection
 * @param group the API group; empty for the core
 * @param resource the plural name
 * @param subresource empty for the object itself
 * @param namespace empty for none or all
 * @param name empty for a list
 * @param userAgent of the client
 */
public record ApiRequest(
    String verb,
    String group,
    String version,
    String resource,
    String subresource,
    String namespace,
    String name,
    String userAgent) {

  /** Whether it changes anything. */
  public boolean isWrite() {
    return switch (verb) {
      case "get", "list", "watch" -> false;
      default -> true;
    };
  }

  /** The resource as RBAC names it: {@code deployments}, or {@code deployments/status}. */
  public String resourceAndSubresource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}
