package io.streamfleet.apiserver.request;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * A request as received.
 *
 * @param path without the query, decoded
 * @param query the first value of each parameter
 * @param contentType empty if there is no body
 * @param body as it was sent
 */
public record HttpCall(
    String method,
    String path,
    Map<String, String> query,
    String contentType,
    String accept,
    String userAgent,
    Buffer body) {

  /** A query parameter; empty if absent. */
  public String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  /** Whether a parameter is {@code true} or {@code 1}. */
  public boolean isSet(String name) {
    return parameter(name).equals("true") || parameter(name).equals("1");
  }
}
