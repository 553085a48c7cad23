package io.streamfleet.worker.handle;

import io.streamfleet.worker.http.ServerAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/**
 * The endpoint that an {@link HttpHandler} posts to: the URL with its placeholder replaced, and the
 * headers of every request.
 *
 * <p>User and password in the URL are sent as basic authentication, as curl does. Like the query,
 * they do not appear in {@link #toString()}.
 */
public final class Endpoint {

  private static final int HTTP_PORT = 80;

  private static final int HTTPS_PORT = 443;

  private static final String PLATFORM = "{platform}";

  private final ServerAddress server;
  private final String target;
  private final String name;
  private final String origin;
  private final byte[] start;

  private Endpoint(
      ServerAddress server,
      String host,
      String target,
      String name,
      String origin,
      Map<String, String> headers) {
    this.server = server;
    this.target = target;
    this.name = name;
    this.origin = origin;
    StringBuilder lines = new StringBuilder();
    lines.append("POST ").append(target).append(" HTTP/1.1\r\nhost: ").append(host).append("\r\n");
    headers.forEach((header, value) -> lines.append(header + ": " + value + "\r\n"));
    this.start = RequestHead.lines(lines.toString());
  }

  /**
   * An endpoint for messages of all platforms.
   *
   * @param url with the scheme http, https or unix, as {@code unix:///run/bot.sock:/messages}
   * @param headers sent with every request; neither {@code ce-} headers nor those that describe the
   *     body or the connection
   * @throws IllegalArgumentException if the URL or a header is invalid; the message contains
   *     neither credentials nor the value of a header
   */
  public static Endpoint of(String url, Map<String, String> headers) {
    if (url.contains(PLATFORM)) {
      throw new IllegalArgumentException(
          "the URL has the placeholder {platform}, which only an outbound handler can replace");
    }
    return parse(url, headers);
  }

  /**
   * An endpoint for the messages of one platform.
   *
   * @param urlTemplate as in {@link #of(String, Map)}; each {@code {platform}} in it is replaced by
   *     the percent-encoded name
   * @throws IllegalArgumentException as in {@link #of(String, Map)}
   */
  public static Endpoint forPlatform(
      String urlTemplate, String platform, Map<String, String> headers) {
    String filled = PercentEncoding.encode(platform, PercentEncoding::unreserved);
    return parse(urlTemplate.replace(PLATFORM, filled), headers);
  }

  private static Endpoint parse(String url, Map<String, String> headers) {
    if (SocketUrl.isOne(url)) {
      SocketUrl socket = SocketUrl.of(url);
      URI posted = uri("http://localhost" + socket.target());
      String origin = SocketUrl.SCHEME + socket.path();
      return new Endpoint(
          new ServerAddress.UnixSocket(socket.path()),
          "localhost",
          target(posted),
          origin + ":" + path(posted),
          origin,
          FixedHeaders.of("", headers));
    }
    URI uri = uri(url);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "the URL must begin with http:// or https://, or with unix:///");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "the URL has no valid host name (letters, digits, dots and hyphens) or no valid port");
    }
    boolean tls = scheme.equals("https");
    int port = uri.getPort() < 0 ? (tls ? HTTPS_PORT : HTTP_PORT) : uri.getPort();
    String host = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    String authorization = uri.getRawUserInfo() == null ? "" : basic(uri.getRawUserInfo());
    return new Endpoint(
        new ServerAddress.Port(withoutBrackets(uri.getHost()), port, tls),
        host,
        target(uri),
        scheme + "://" + host + path(uri),
        scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port,
        FixedHeaders.of(authorization, headers));
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      // Neither the exception nor its text, since both contain the URL with its credentials.
      throw new IllegalArgumentException(
          "the URL is not valid: " + e.getReason() + " at character " + (e.getIndex() + 1));
    }
  }

  private static String path(URI uri) {
    return uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
  }

  private static String target(URI uri) {
    return path(uri) + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }

  /** In a URL an IPv6 address is in brackets. */
  private static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String basic(String rawUserInfo) {
    // URLDecoder decodes forms, where a plus means a space; in a URL it means a plus.
    String userInfo = URLDecoder.decode(rawUserInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    String credentials = userInfo.contains(":") ? userInfo : userInfo + ":";
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  /** The address to connect to. */
  ServerAddress server() {
    return server;
  }

  /** Path and query, as they are sent. */
  String target() {
    return target;
  }

  /** The start of every request: the request line and the fixed headers. */
  byte[] start() {
    return start;
  }

  /** Scheme, host and port, or the socket: the unit of breakers, limits and trials. */
  String origin() {
    return origin;
  }

  /** Scheme, host, port and path, without credentials: for logs and errors. */
  @Override
  public String toString() {
    return name;
  }
}
