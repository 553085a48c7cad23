package io.streamfleet.redis;

import io.lettuce.core.RedisURI;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Validates and reads the URL of a Redis: one of four schemes, hosts with ports, the number of a
 * database, the name of Sentinel's master and, outside a manifest, a login. Nothing else: Lettuce
 * accepts parameters after {@code ?} that turn off the check of certificates or select another
 * database than the manifest says.
 */
public final class RedisUrl {

  private static final String FORMS =
      "write redis://HOST:PORT, rediss://HOST:PORT or redis-sentinel://HOST:PORT#MASTER";

  private static final Pattern SCHEME = Pattern.compile("^rediss?(-sentinel)?://");

  private static final Pattern DATABASE = Pattern.compile("/?|/[0-9]{1,5}");

  private static final Pattern FIRST_DATABASE = Pattern.compile("/?0*");

  /** A host in Sentinel's list, which {@link URI} does not parse. */
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:[^:\\[\\]]+|\\[[0-9a-fA-F:.]+])(?::([0-9]{1,5}))?");

  private static final int HIGHEST_PORT = 65_535;

  /** The field of the manifest for each parameter that users may know from Lettuce. */
  private static final Map<String, String> REPLACEMENTS =
      Map.of(
          "database", "write the number as the path, as in redis://HOST:PORT/5",
          "db", "write the number as the path, as in redis://HOST:PORT/5",
          "verifypeer",
              "certificates are always checked; spec.redis.tls.verifyHostname: false leaves the"
                  + " host name out of it, spec.redis.tls.caSecret names a private authority",
          "timeout", "set spec.redis.commandTimeout",
          "protocol", "set spec.redis.protocol",
          "sentinelmasterid", "write the name of the master after a #",
          "user", "put it into the Secret of spec.redis.credentialsSecret",
          "username", "put it into the Secret of spec.redis.credentialsSecret",
          "password", "put it into the Secret of spec.redis.credentialsSecret");

  private RedisUrl() {}

  /**
   * Checks a URL that may contain user and password, as at a terminal.
   *
   * @param cluster whether it is for a Redis Cluster
   * @throws UnreadableUrl when it is invalid or has a part that is not allowed
   */
  public static void check(String url, boolean cluster) {
    read(url, cluster);
  }

  /**
   * Checks a URL that must not contain user and password, as in a manifest.
   *
   * @param cluster whether it is for a Redis Cluster
   * @throws UnreadableUrl when it is invalid or has a part that is not allowed
   */
  public static void checkWithoutLogin(String url, boolean cluster) {
    problemWithoutLogin(url, cluster)
        .ifPresent(
            problem -> {
              throw unreadable(url, "", "; it " + problem);
            });
  }

  /** The same, as a text that continues the name of a field; empty when the URL is valid. */
  public static Optional<String> problemWithoutLogin(String url, boolean cluster) {
    if (url.indexOf('@') >= 0) {
      return Optional.of(
          "must not carry a user or password: put them into a Secret, keys username and password,"
              + " and name it in spec.redis.credentialsSecret");
    }
    return problem(url, cluster);
  }

  /** Lettuce's exception quotes the URL with its password, so it is not passed on. */
  static RedisURI read(String url, boolean cluster) {
    Optional<String> problem = problem(url, cluster);
    if (problem.isPresent()) {
      String hint = url.indexOf('@') < 0 ? "" : ", special characters in a password as %XX";
      throw unreadable(url, hint, "; it " + problem.get());
    }
    try {
      return RedisURI.create(url);
    } catch (IllegalArgumentException e) {
      throw unreadable(url, "", "");
    }
  }

  private static UnreadableUrl unreadable(String url, String hint, String problem) {
    return new UnreadableUrl(masked(url) + " cannot be read: " + FORMS + hint + problem);
  }

  private static Optional<String> problem(String url, boolean cluster) {
    Matcher scheme = SCHEME.matcher(url);
    if (!scheme.find()) {
      return Optional.of(
          "must begin with redis://, rediss://, redis-sentinel:// or rediss-sentinel://");
    }
    boolean sentinel = scheme.group(1) != null;
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      // Not the exception's message: it repeats the URL. A scheme alone has no authority.
      return Optional.of(
          scheme.end() == url.length()
              ? "must name a host, such as redis://redis:6379"
              : "is not a url: " + e.getReason() + " at character " + (e.getIndex() + 1));
    }
    return first(
        parameters(uri),
        address(uri, sentinel),
        DATABASE.matcher(uri.getRawPath()).matches()
            ? ""
            : "must have a number as its path, that of the database, or none",
        cluster && !FIRST_DATABASE.matcher(uri.getRawPath()).matches()
            ? "must not name a database: a Redis Cluster has only the first"
            : "",
        cluster && sentinel ? "must not lead to Sentinel, which serves no Redis Cluster" : "",
        master(uri, sentinel));
  }

  private static Optional<String> first(String... problems) {
    return Arrays.stream(problems).filter(problem -> !problem.isEmpty()).findFirst();
  }

  /** Parameter values may be secret, so only a name is quoted. */
  private static String parameters(URI uri) {
    String fragment = uri.getRawFragment() == null ? "" : uri.getRawFragment();
    int behind = fragment.indexOf('?');
    String query =
        uri.getRawQuery() != null
            ? uri.getRawQuery()
            : behind >= 0 ? fragment.substring(behind + 1) : null;
    if (query == null) {
      return "";
    }
    String name = query.split("[=&]", 2)[0];
    return (name.matches("[A-Za-z]{1,30}")
            ? "must not have the parameter " + name
            : "must not have parameters after a ?")
        + ": "
        + REPLACEMENTS.getOrDefault(
            name.toLowerCase(Locale.ROOT), "all but the address is a field of spec.redis");
  }

  private static String address(URI uri, boolean sentinel) {
    String authority = uri.getRawAuthority();
    String hosts = authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
    if (!hosts.matches("[^,]+(,[^,]+)*")) {
      return "must name a host, such as redis://redis:6379";
    }
    if (!sentinel && hosts.contains(",")) {
      return "must name one server (of a Redis Cluster one node will do); several are for Sentinel";
    }
    for (String host : hosts.split(",", -1)) {
      Matcher parts = HOST_AND_PORT.matcher(host);
      boolean valid = parts.matches() && (parts.group(1) == null || isPort(parts.group(1)));
      // Lettuce would take the whole text, with the port, for the host name.
      boolean whole = !sentinel && uri.getHost() == null && host.contains(":");
      if (!valid || whole) {
        return "has no valid host (letters, digits, dots and hyphens) or no valid port";
      }
    }
    return "";
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port > 0 && port <= HIGHEST_PORT;
  }

  private static String master(URI uri, boolean sentinel) {
    String name = uri.getRawFragment();
    if (sentinel && (name == null || name.isEmpty())) {
      return "must name Sentinel's master after a #, as in redis-sentinel://host:26379#main";
    }
    return !sentinel && name != null
        ? "must not have a # and a name: only redis-sentinel:// and rediss-sentinel:// name a"
            + " master"
        : "";
  }

  /**
   * The URL without user, password and parameters. Everything between the scheme and the last
   * {@code @} is hidden, since an unescaped slash in a password is a common reason why a URL can't
   * be parsed.
   */
  private static String masked(String url) {
    int at = url.lastIndexOf('@');
    int slashes = url.indexOf("//");
    int begin = slashes >= 0 && slashes < at ? slashes + 2 : 0;
    String address = at < 0 ? url : url.substring(0, begin) + "***" + url.substring(at);
    return address.replaceFirst("\\?.*", "?***");
  }
}
