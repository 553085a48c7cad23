package io.streamfleet.console.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.streamfleet.console.access.Credential;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the API reads it.
 *
 * @param path its parts, decoded
 * @param query the first value of each parameter
 */
record Request(HttpExchange exchange, String method, List<String> path, Map<String, String> query) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A selection of some hundred dead letters by their ids. */
  private static final int MOST_BODY = 64 << 10;

  /** Longer than any filter that the page sends. */
  private static final int LONGEST_TARGET = 8 << 10;

  /** Reads the target of a request. */
  static Request of(HttpExchange exchange) {
    String target = exchange.getRequestURI().toString();
    if (target.length() > LONGEST_TARGET) {
      throw new HttpProblem(414, "the address is too long");
    }
    String path = Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("");
    if (!path.startsWith("/")) {
      throw HttpProblem.bad("the path must begin with a slash");
    }
    List<String> parts = new ArrayList<>();
    for (String part : path.substring(1).split("/", -1)) {
      parts.add(decoded(part.replace("+", "%2B")));
    }
    return new Request(
        exchange,
        exchange.getRequestMethod(),
        parts,
        query(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("")));
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.bad("the address has a broken escape");
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  Credential credential() {
    return new Credential(exchange.getRemoteAddress().getAddress(), this::single);
  }

  /** A header that is there once: of two nobody knows which one the proxy wrote. */
  private Optional<String> single(String name) {
    List<String> values = exchange.getRequestHeaders().get(name);
    return values == null || values.size() != 1 ? Optional.empty() : Optional.of(values.getFirst());
  }

  /** A parameter; empty if it is missing or blank. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).filter(it -> !it.isBlank());
  }

  /** The body, a JSON object. */
  JsonNode body() throws IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
    if (bytes.length > MOST_BODY) {
      throw new HttpProblem(413, "the request is too large");
    }
    try {
      JsonNode body = JSON.readTree(bytes);
      if (body == null || !body.isObject()) {
        throw HttpProblem.bad("the body must be a JSON object");
      }
      return body;
    } catch (JsonProcessingException e) {
      throw HttpProblem.bad("the body is not JSON");
    }
  }
}
