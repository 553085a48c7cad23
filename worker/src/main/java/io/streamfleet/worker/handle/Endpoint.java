package io.streamfleet.worker.handle;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where an {@link HttpHandler} posts to: the URL with its placeholder filled, and the headers that
 * every request carries.
 *
 * <p>User and password in the URL are sent as basic authentication, as curl does; like the query
 * they never appear in {@link #toString()}.
 */
public final class Endpoint {

  private static final int HTTP_PORT = 80;

  private static final int HTTPS_PORT = 443;

  private static final String PLATFORM = "{platform}";

  /** Headers that say what the message is: fixed ones would contradict it. */
  private static final Set<String> OURS = Set.of("content-type", "content-length");

  private final HttpRequest template;
  private final String name;
  private final String origin;

  private Endpoint(HttpRequest template, String name, String origin) {
    this.template = template;
    this.name = name;
    this.origin = origin;
  }

  /**
   * An endpoint for messages of all platforms.
   *
   * @param url http or https
   * @param headers sent with every request; none may begin with {@code ce-}
   * @throws IllegalArgumentException when the URL or a header cannot be used; the message names
   *     neither a credential nor a header's value
   */
  public static Endpoint of(String url, Map<String, String> headers) {
    if (url.contains(PLATFORM)) {
      throw new IllegalArgumentException(
          "the URL has the placeholder {platform}, which only an outbound handler can fill");
    }
    return parse(url, headers);
  }

  /**
   * An endpoint for the messages of one platform.
   *
   * @param urlTemplate as in {@link #of(String, Map)}; every {@code {platform}} in it is replaced,
   *     percent-encoded
   * @throws IllegalArgumentException as in {@link #of(String, Map)}
   */
  public static Endpoint forPlatform(
      String urlTemplate, String platform, Map<String, String> headers) {
    String filled = PercentEncoding.encode(platform, PercentEncoding::unreserved);
    return parse(urlTemplate.replace(PLATFORM, filled), headers);
  }

  private static Endpoint parse(String url, Map<String, String> headers) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      // The exception's own text, and so the cause, would repeat the URL with its credentials.
      throw new IllegalArgumentException(
          "the URL is not valid: " + e.getReason() + " at character " + (e.getIndex() + 1));
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("the URL must begin with http:// or https://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "the URL has no valid host name (letters, digits, dots and hyphens) or no valid port");
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String name = scheme + "://" + uri.getHost() + port + path;
    String origin =
        scheme
            + "://"
            + uri.getHost().toLowerCase(Locale.ROOT)
            + ":"
            + (uri.getPort() < 0
                ? (scheme.equals("https") ? HTTPS_PORT : HTTP_PORT)
                : uri.getPort());
    HttpRequest.Builder template = HttpRequest.newBuilder(URI.create(name + query));
    if (uri.getRawUserInfo() != null) {
      template.setHeader("authorization", basic(uri.getRawUserInfo()));
    }
    headers.forEach((header, value) -> addFixed(template, header, value));
    return new Endpoint(template.build(), name, origin);
  }

  private static String basic(String rawUserInfo) {
    // URLDecoder is for forms, where a plus is a space; here it is a plus.
    String userInfo = URLDecoder.decode(rawUserInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    String credentials = userInfo.contains(":") ? userInfo : userInfo + ":";
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private static void addFixed(HttpRequest.Builder template, String header, String value) {
    String lower = header.toLowerCase(Locale.ROOT);
    if (lower.startsWith("ce-") || OURS.contains(lower)) {
      throw new IllegalArgumentException(
          "the header " + header + " is written by Streamfleet itself and cannot be fixed");
    }
    try {
      template.setHeader(header, value);
    } catch (IllegalArgumentException e) {
      // The cause would repeat the value.
      throw new IllegalArgumentException(
          "the header "
              + header
              + " cannot be sent: its name is not valid or reserved for the HTTP client, or its"
              + " value has characters that a header cannot carry");
    }
  }

  /** A request to this endpoint, with its fixed headers. */
  HttpRequest.Builder request() {
    return HttpRequest.newBuilder(template, (header, value) -> true);
  }

  /** Scheme, host and port: what is available or not as a whole. */
  String origin() {
    return origin;
  }

  /** Scheme, host, port and path: fit for logs and errors. */
  @Override
  public String toString() {
    return name;
  }
}
