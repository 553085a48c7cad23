package io.streamfleet.worker.handle;

import io.streamfleet.handler.Message;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes the attributes of a message as a CloudEvent 1.0, as HTTP headers in binary mode.
 *
 * <p>Rules: CloudEvents 1.0.2, section 3.1, and its HTTP Protocol Binding, section 3.1.3.2.
 */
final class CloudEvent {

  /** Years have four digits in RFC 3339; the time in an entry id may be any number. */
  private static final Instant FIRST_AFTER_RFC_3339 = Instant.parse("+10000-01-01T00:00:00Z");

  /** RFC 3986 section 3.1. A source whose first segment has a colon must start with a scheme. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");

  private CloudEvent() {}

  /**
   * Writes the headers.
   *
   * @param consumer the consumer name of this worker
   */
  static void describe(Message message, String consumer, RequestHead request) {
    request.set("ce-specversion", "1.0");
    request.set("ce-id", headerValue(message.id()));
    request.set("ce-source", headerValue(source(message.stream())));
    request.set("ce-type", "io.streamfleet." + message.direction().label());
    nonEmpty(message.channel()).ifPresent(it -> request.set("ce-subject", headerValue(it)));
    if (message.timestamp().isBefore(FIRST_AFTER_RFC_3339)) {
      request.set("ce-time", message.timestamp().toString());
    }
    message
        .traceId()
        .flatMap(CloudEvent::nonEmpty)
        .ifPresent(it -> request.set("ce-traceid", headerValue(it)));
    request.set("ce-attempt", Integer.toString(message.attempt()));
    request.set("ce-consumer", headerValue(consumer));
  }

  /** An attribute must not be empty if it is present (CloudEvents 1.0.2, section 3.1.2). */
  private static Optional<String> nonEmpty(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /**
   * A stream's name as a URI reference, as {@code source} must be. Percent-decoding it gives the
   * name. The usual names, such as {@code sg:stream:inbound}, are not changed.
   */
  static String source(String stream) {
    String encoded = PercentEncoding.encode(stream, CloudEvent::plainInPath);
    if (encoded.startsWith("//")) {
      // Two slashes would start an authority.
      encoded = "%2F" + encoded.substring(1);
    }
    int colon = encoded.indexOf(':');
    boolean inFirstSegment = colon >= 0 && encoded.lastIndexOf('/', colon) < 0;
    if (inFirstSegment && !SCHEME.matcher(encoded.substring(0, colon)).matches()) {
      int end = encoded.indexOf('/');
      String first = end < 0 ? encoded : encoded.substring(0, end);
      encoded = first.replace(":", "%3A") + encoded.substring(first.length());
    }
    return encoded;
  }

  /**
   * HTTP Protocol Binding, section 3.1.3.2: space, double quote, percent, and all characters that
   * are not printable ASCII are percent-encoded. A receiver decodes once to get the attribute's
   * value.
   */
  static String headerValue(String attribute) {
    return PercentEncoding.encode(attribute, it -> it > ' ' && it <= '~' && it != '"' && it != '%');
  }

  /** RFC 3986 section 3.3: {@code pchar} and the slash. */
  private static boolean plainInPath(int character) {
    return PercentEncoding.unreserved(character) || "!$&'()*+,;=:@/".indexOf(character) >= 0;
  }
}
