package io.streamfleet.operator;

import io.streamfleet.apiserver.request.ApiRequest;

/**
 * What somebody may do, or has done.
 *
 * @param resource with its subresource, as {@code deployments/status}
 */
record Right(String verb, String group, String resource) implements Comparable<Right> {

  static Right of(ApiRequest request) {
    return new Right(request.verb(), request.group(), request.resourceAndSubresource());
  }

  @Override
  public int compareTo(Right other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return "%s %s%s".formatted(verb, resource, group.isEmpty() ? "" : "." + group);
  }
}
