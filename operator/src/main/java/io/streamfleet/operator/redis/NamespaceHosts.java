package io.streamfleet.operator.redis;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Host names as a pod of a namespace reads them. It finds {@code redis} in its own namespace; the
 * operator is in another one, and would ask for a Service of its own there. Names are only looked
 * up differently, not changed: a certificate is for the name as it is written.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/">DNS for
 *     Services and Pods</a>
 */
final class NamespaceHosts {

  private static final Pattern AUTHORITY = Pattern.compile("^rediss?(?:-sentinel)?://([^/?#]+)");

  /** One label with a letter in front: no address, and not qualified by anything. */
  private static final Pattern SHORT = Pattern.compile("^[a-zA-Z][-a-zA-Z0-9]*$");

  private final String namespace;
  private final Lookup lookup;

  /** Asks the name service. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  NamespaceHosts(String namespace, Lookup lookup) {
    this.namespace = namespace;
    this.lookup = lookup;
  }

  /** Whether a url may mean another server in another namespace. */
  static boolean matterTo(String url) {
    Matcher authority = AUTHORITY.matcher(url);
    return authority.find()
        && Arrays.stream(authority.group(1).split(",", -1))
            .map(host -> host.replaceFirst(":\\d+$", ""))
            .anyMatch(NamespaceHosts::isShort);
  }

  /**
   * The addresses of a host. What the namespace does not have is looked up as it is written, as
   * outside a cluster.
   */
  InetAddress[] addresses(String host) throws UnknownHostException {
    if (isShort(host)) {
      try {
        return lookup.of(host + "." + namespace + ".svc");
      } catch (UnknownHostException notThere) {
        return lookup.of(host);
      }
    }
    return lookup.of(host);
  }

  private static boolean isShort(String host) {
    return SHORT.matcher(host).matches() && !host.equals("localhost");
  }
}
