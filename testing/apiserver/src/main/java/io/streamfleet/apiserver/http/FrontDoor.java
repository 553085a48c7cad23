package io.streamfleet.apiserver.http;

import io.streamfleet.apiserver.access.Identity;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who has the token. What is told to run here runs as a process of whoever started the
 * server, so everything else that may reach the port is kept out, web pages of a browser first of
 * all: a name of a stranger that leads to loopback (DNS rebinding), and any page's request, which a
 * browser marks with its origin. Nothing of a request but its head is read before.
 */
final class FrontDoor {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

  private static final String BEARER = "bearer ";

  private final Identity identity;

  FrontDoor(Identity identity) {
    this.identity = identity;
  }

  /** Why a request is not let in; empty if it is. */
  Optional<ApiFailure> refusal(HttpServerRequest request) {
    @Nullable HostAndPort host = request.authority();
    if (host == null || !LOOPBACK.contains(host.host().toLowerCase(Locale.ROOT))) {
      return Optional.of(
          ApiFailure.forbidden(
              "this API server answers to the names of loopback only, such as 127.0.0.1"));
    }
    @Nullable String origin = request.getHeader(HttpHeaders.ORIGIN);
    // Some Kubernetes clients name the server itself when they open a websocket.
    if (origin != null && !origin.equalsIgnoreCase("https://" + host)) {
      return Optional.of(ApiFailure.forbidden("this API server answers to no web page"));
    }
    @Nullable String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    return authorization != null
            && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && identity.isOf(authorization.substring(BEARER.length()).strip())
        ? Optional.empty()
        : Optional.of(ApiFailure.unauthorized());
  }
}
