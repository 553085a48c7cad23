package io.streamfleet.commands.check;

import io.streamfleet.api.HttpHandlerSpec;
import io.streamfleet.commands.stream.ReadStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Whether the endpoints of HTTP handlers take connections, as seen from here. */
final class HandlerChecks {

  private static final String LINK = "docs/handlers.md";

  /** On a local network a connection takes a millisecond; a name that is looked up some more. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private HandlerChecks() {}

  static List<Finding> of(List<ReadStream> streams) {
    Set<URI> endpoints = new LinkedHashSet<>();
    for (ReadStream stream : streams) {
      HttpHandlerSpec http = stream.handler().http();
      if (http != null) {
        endpoints.add(URI.create(http.url().replace("{platform}", stream.platform().orElse(""))));
      }
    }
    List<Finding> found = new ArrayList<>();
    endpoints.stream().map(HandlerChecks::of).distinct().forEach(found::add);
    return found;
  }

  /** A connection and no request: a request would be a message. */
  private static Finding of(URI url) {
    int port = url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    String place = url.getHost() + ":" + port;
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(url.getHost(), port), Math.toIntExact(PATIENCE.toMillis()));
      return Finding.ok("handler", place + " takes connections", LINK);
    } catch (IOException e) {
      return Finding.error(
          "handler",
          place + " takes no connection from here: " + e.getMessage(),
          "start what listens there; where localhost means a pod's sidecar, run this in a pod:"
              + " kubectl streamfleet check",
          LINK);
    }
  }
}
