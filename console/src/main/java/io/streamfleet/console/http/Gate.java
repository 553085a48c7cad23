package io.streamfleet.console.http;

import com.sun.net.httpserver.Headers;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses what a page of somebody else makes a browser send: through a name of its own that
 * resolves to this machine (DNS rebinding), and across sites. Also sets the headers that keep our
 * own page from being framed, and from loading or running anything but its own files.
 */
final class Gate {

  /** Of each request that changes something: no form and no page of another site can set it. */
  static final String HEADER = "X-Streamfleet-Console";

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private final Set<String> hosts;

  /**
   * @param hosts names besides those of loopback, in lower case
   */
  Gate(Set<String> hosts) {
    this.hosts = Set.copyOf(hosts);
  }

  /** Throws if the request must not be answered. */
  void check(Request request) {
    String host =
        request
            .header("Host")
            .map(it -> it.toLowerCase(Locale.ROOT))
            .orElseThrow(() -> HttpProblem.bad("there is no Host"));
    String name = host.replaceFirst(":[0-9]{1,5}$", "");
    if (!LOOPBACK.contains(name) && !hosts.contains(name)) {
      throw new HttpProblem(
          403, "this console does not answer to that name; STREAMFLEET_CONSOLE_HOSTS lists more");
    }
    Optional<String> origin = request.header("Origin");
    if (origin.isPresent() && !isOf(origin.get(), host)) {
      throw new HttpProblem(403, "this console answers to its own page only");
    }
    // A link from another site may open the page, and nothing else.
    String site = request.header("Sec-Fetch-Site").orElse("none");
    boolean opened =
        request.header("Sec-Fetch-Mode").filter("navigate"::equals).isPresent()
            && !request.path().getFirst().equals("api");
    if (!site.equals("same-origin") && !site.equals("none") && !opened) {
      throw new HttpProblem(403, "this console answers to its own page only");
    }
    switch (request.method()) {
      case "GET", "HEAD" -> {
        // Changes nothing.
      }
      case "POST" -> checkChange(request);
      default -> throw new HttpProblem(405, "only GET, HEAD and POST are answered");
    }
  }

  private static void checkChange(Request request) {
    if (request.header(HEADER).isEmpty()) {
      throw new HttpProblem(403, "a change needs the header " + HEADER);
    }
    if (!request
        .header("Content-Type")
        .map(it -> it.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip())
        .filter("application/json"::equals)
        .isPresent()) {
      throw new HttpProblem(415, "a change is sent as application/json");
    }
  }

  /** A proxy may end TLS, so the scheme is not known here. */
  private static boolean isOf(String origin, String host) {
    return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
  }

  static void harden(Headers headers) {
    headers.set("Content-Security-Policy", POLICY);
    headers.set("X-Frame-Options", "DENY");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    headers.set("Cache-Control", "no-store");
  }
}
