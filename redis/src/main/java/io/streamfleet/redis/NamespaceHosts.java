package io.streamfleet.redis;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves host names as a pod of a namespace would. There {@code redis} is a Service of that
 * namespace; operator and console run in another one, where the name would mean a different
 * Service. Only the lookup differs: a certificate is checked against the name as it is written.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/">DNS for
 *     Services and Pods</a>
 */
public final class NamespaceHosts {

  private static final Pattern AUTHORITY = Pattern.compile("^rediss?(?:-sentinel)?://([^/?#]+)");

  /** One label that starts with a letter: no address, and not qualified. */
  private static final Pattern SHORT = Pattern.compile("^[a-zA-Z][-a-zA-Z0-9]*$");

  private final String namespace;
  private final Lookup lookup;

  /** Resolves a name by DNS. */
  @FunctionalInterface
  public interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  public NamespaceHosts(String namespace, Lookup lookup) {
    this.namespace = namespace;
    this.lookup = lookup;
  }

  /** Whether a URL may mean different servers in different namespaces. */
  public static boolean matterTo(String url) {
    Matcher authority = AUTHORITY.matcher(url);
    return authority.find()
        && Arrays.stream(authority.group(1).split(",", -1))
            .map(host -> host.replaceFirst(":\\d+$", ""))
            .anyMatch(NamespaceHosts::isShort);
  }

  /**
   * The addresses of a host. A name that the namespace does not have is looked up as it is written,
   * as outside a cluster.
   */
  public InetAddress[] addresses(String host) throws UnknownHostException {
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
