package io.streamfleet.worker.handle;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The headers of a manifest, which every request carries. */
final class FixedHeaders {

  /** Headers that say what the message is: fixed ones would contradict it. */
  private static final Set<String> OURS = Set.of("content-type", "content-length");

  /** Headers about the connection, which are the client's alone. */
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
   * Those that are sent, by their names in any case of letters.
   *
   * @param authorization that of the URL, which one of the headers may replace; empty for none
   * @throws IllegalArgumentException when one can't be sent; the message does not name its value
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
    if (lower.startsWith("ce-") || OURS.contains(lower)) {
      throw new IllegalArgumentException(
          "the header " + header + " is written by Streamfleet itself and cannot be fixed");
    }
    if (OF_THE_CLIENT.contains(lower)
        || !NAME.matcher(header).matches()
        || !VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "the header "
              + header
              + " cannot be sent: its name is not valid or reserved for the HTTP client, or its"
              + " value has characters that a header cannot carry");
    }
  }
}
