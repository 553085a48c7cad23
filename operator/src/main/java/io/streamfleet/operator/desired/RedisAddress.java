package io.streamfleet.operator.desired;

import io.streamfleet.api.RedisSpec;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a Redis URL, for those that can't use the URL itself.
 *
 * @param addresses {@code host:port} of the server, of a node of the Cluster, or of the Sentinels
 * @param database the number of the database
 * @param master the name of the master in Sentinel; empty without Sentinel
 */
record RedisAddress(List<String> addresses, int database, boolean tls, String master) {

  private static final int PORT = 6379;
  private static final int SENTINEL_PORT = 26379;

  /**
   * Parses the URL of a spec. A host without a dot is a Service of the fleet's namespace. The
   * namespace is appended, since KEDA resolves the name in its own namespace.
   */
  static RedisAddress of(RedisSpec redis, String namespace) {
    URI url = URI.create(redis.url());
    boolean sentinel = url.getScheme().endsWith("-sentinel");
    List<String> addresses = new ArrayList<>();
    for (String address : url.getRawAuthority().split(",", -1)) {
      addresses.add(address(address, sentinel ? SENTINEL_PORT : PORT, namespace));
    }
    String path = url.getPath().replace("/", "");
    return new RedisAddress(
        List.copyOf(addresses),
        path.isEmpty() ? 0 : Integer.parseInt(path),
        url.getScheme().startsWith("rediss"),
        sentinel ? url.getFragment() : "");
  }

  private static String address(String text, int defaultPort, String namespace) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > text.lastIndexOf(']') && colon >= 0;
    String host = hasPort ? text.substring(0, colon) : text;
    String port = hasPort ? text.substring(colon + 1) : String.valueOf(defaultPort);
    boolean isService = host.indexOf('.') < 0 && host.indexOf(':') < 0 && !host.equals("localhost");
    return (isService ? host + "." + namespace + ".svc" : host) + ":" + port;
  }
}
