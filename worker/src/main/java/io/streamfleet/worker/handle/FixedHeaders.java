package io.streamfleet.worker.handle;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The headers that a manifest adds to every request. */
final class FixedHeaders {

  /** Headers that describe the message: a fixed value would contradict it. */
  private static final Set<String> OF_THE_MESSAGE =
      Set.of("content-type", "content-length", "traceparent", "tracestate");

  /** Headers about the connection, which only the HTTP client sets. */
  private static final Set<String> OF_THE_CLIENT =
      Set.of(
          "connection",
          "expect",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** RFC 9110, section 5.6.2. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  /** RFC 9110, section 5.5. */
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

  private FixedHeaders() {}

  /**
   * The headers to send; names are case-insensitive.
   *
   * @param authorization the value from the URL, which one of the headers may replace; empty for
   *     none
   * @throws IllegalArgumentException if a header can't be sent; the message does not contain its
   *     value
   */
  static Map<String, String> of(String authorization, Map<String, String> headers) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put("user-agent", "streamfleet");
    if (!authorization.isEmpty()) {
      all.put("authorization", authorization);
    }
    headers.forEach(
        (header, value) -> {
          check(header, value);
          all.put(header, value.strip());
        });
    return all;
  }

  private static void check(String header, String value) {
    String lower = header.toLowerCase(Locale.ROOT);
    if (lower.startsWith("ce-") || OF_THE_MESSAGE.contains(lower)) {
      throw new IllegalArgumentException(
          "the header "
              + header
              + " is set by Streamfleet for each message and cannot be configured");
    }
    if (OF_THE_CLIENT.contains(lower)
        || !NAME.matcher(header).matches()
        || !VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "the header "
              + header
              + " cannot be sent: its name is invalid or reserved for the HTTP client, or its value"
              + " has characters that are not allowed in a header");
    }
  }
}
