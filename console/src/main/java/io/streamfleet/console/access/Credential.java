package io.streamfleet.console.access;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a request says about who sent it.
 *
 * @param peer the other end of the connection
 * @param header finds a header of the request
 */
public record Credential(InetAddress peer, Function<String, Optional<String>> header) {

  private static final String BEARER = "Bearer ";

  /** The token that it carries. */
  Optional<String> bearer() {
    return header
        .apply("Authorization")
        .filter(it -> it.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(it -> it.substring(BEARER.length()).strip())
        .filter(it -> !it.isEmpty());
  }
}
