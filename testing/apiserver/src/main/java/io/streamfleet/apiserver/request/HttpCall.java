package io.streamfleet.apiserver.request;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * A request as it came over the wire.
 *
 * @param path without the query, decoded
 * @param query the first value of each parameter
 * @param contentType empty if there is no body
 * @param body what was sent, in whatever form
 */
public record HttpCall(
    String method,
    String path,
    Map<String, String> query,
    String contentType,
    String accept,
    String userAgent,
    Buffer body) {

  /** A parameter of the query; empty if it is not there. */
  public String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  /** Whether a parameter is true; {@code 1} is, too. */
  public boolean isSet(String name) {
    return parameter(name).equals("true") || parameter(name).equals("1");
  }
}
