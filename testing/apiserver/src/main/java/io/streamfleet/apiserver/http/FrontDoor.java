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
 * Authenticates requests by the token. Pods run here as processes of the user who started the
 * server, so everything else that may reach the port is refused. This concerns web pages in a
 * browser in particular: a foreign name that resolves to loopback (DNS rebinding), and a request of
 * any page, which the browser marks with its origin. Only the head of a request is read before.
 */
final class FrontDoor {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

  private static final String BEARER = "bearer ";

  private final Identity identity;

  FrontDoor(Identity identity) {
    this.identity = identity;
  }

  /** Why a request is refused; empty if it is accepted. */
  Optional<ApiFailure> refusal(HttpServerRequest request) {
    @Nullable HostAndPort host = request.authority();
    if (host == null || !LOOPBACK.contains(host.host().toLowerCase(Locale.ROOT))) {
      return Optional.of(
          ApiFailure.forbidden(
              "this API server answers to the names of loopback only, such as 127.0.0.1"));
    }
    @Nullable String origin = request.getHeader(HttpHeaders.ORIGIN);
    // Some Kubernetes clients send the server's own origin when they open a websocket.
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
