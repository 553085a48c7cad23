package io.streamfleet.commands.check;

import io.streamfleet.api.HttpHandlerSpec;
import io.streamfleet.commands.stream.ReadStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks whether the endpoints of HTTP handlers accept connections from this machine. */
final class HandlerChecks {

  private static final String LINK = "docs/handlers.md";

  /** Far more than the about 1 ms of a connection on a local network, for slow name lookups. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** The URL of a Unix domain socket in a manifest: the socket, then a colon and the path. */
  private static final Pattern SOCKET = Pattern.compile("unix://(/[^:]+)(?::.*)?");

  private HandlerChecks() {}

  static List<Finding> of(List<ReadStream> streams) {
    Set<String> endpoints = new LinkedHashSet<>();
    for (ReadStream stream : streams) {
      HttpHandlerSpec http = stream.handler().http();
      if (http != null) {
        endpoints.add(http.url().replace("{platform}", stream.platform().orElse("")));
      }
    }
    List<Finding> found = new ArrayList<>();
    endpoints.stream().map(HandlerChecks::of).distinct().forEach(found::add);
    return found;
  }

  /** Only opens a connection: the handler would take any request for a message. */
  private static Finding of(String url) {
    Matcher socket = SOCKET.matcher(url);
    if (socket.matches()) {
      return of(
          socket.group(1), () -> SocketChannel.open(UnixDomainSocketAddress.of(socket.group(1))));
    }
    URI uri = URI.create(url);
    int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    return of(
        uri.getHost() + ":" + port,
        () -> {
          Socket tcp = new Socket();
          try {
            tcp.connect(
                new InetSocketAddress(uri.getHost(), port),
                Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
          } catch (IOException e) {
            tcp.close();
            throw e;
          }
          return tcp;
        });
  }

  private static Finding of(String place, Connecting connecting) {
    try (Closeable connection = connecting.connect()) {
      return Finding.ok("handler", place + " accepts connections", LINK);
    } catch (IOException e) {
      return Finding.error(
          "handler",
          place + " does not accept connections from here: " + e.getMessage(),
          "start the handler; if localhost is a pod's sidecar, run the check in a pod: kubectl"
              + " streamfleet check",
          LINK);
    }
  }

  private interface Connecting {
    Closeable connect() throws IOException;
  }
}
