package io.streamfleet.worker.handle;

import io.streamfleet.handler.Message;
import io.streamfleet.handler.TraceContext;
import io.streamfleet.worker.entry.Entry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The attributes of messages as CloudEvents 1.0, and how they are written as HTTP headers in binary
 * mode. What is the same for all messages, or for those of a stream, is written once. Safe for any
 * thread.
 *
 * <p>Rules: CloudEvents 1.0.2, section 3.1, and its HTTP Protocol Binding, section 3.1.3.2.
 */
final class CloudEvent {

  /** Years have four digits in RFC 3339; the time in an entry id may be any number. */
  private static final Instant FIRST_AFTER_RFC_3339 = Instant.parse("+10000-01-01T00:00:00Z");

  private static final int NANOS_A_MILLI = 1_000_000;

  /** RFC 3986 section 3.1. A source whose first segment has a colon must start with a scheme. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");

  private final byte[] start;
  private final byte[] batchStart;
  private final String consumer;

  /** The line of the source of each stream; the manifest names few. */
  private final Map<String, byte[]> sources = new ConcurrentHashMap<>();

  /** The last whole second that was written, without the Z: most messages are of one. */
  private volatile Second last = new Second(0, "1970-01-01T00:00:00");

  private record Second(long epochSecond, String text) {}

  /** Gets the attributes of a message, one by one. */
  interface Attributes {

    /**
     * Gets an attribute.
     *
     * @param name lower-case letters and digits
     * @param value not empty
     */
    void set(String name, String value);
  }

  /**
   * The attributes of messages for one endpoint.
   *
   * @param start the request line and the fixed headers
   * @param consumer the consumer name of this worker
   */
  CloudEvent(byte[] start, String consumer) {
    RequestHead all = new RequestHead();
    all.add(start);
    all.set("ce-specversion", "1.0");
    all.set("ce-consumer", headerValue(consumer));
    all.set("content-type", "application/json");
    this.start = all.lines();
    RequestHead batch = new RequestHead();
    batch.add(start);
    batch.set("content-type", "application/cloudevents-batch+json");
    this.batchStart = batch.lines();
    this.consumer = consumer;
  }

  /** Writes the head of a request with a batch, whose events are all in the body. */
  void describeBatch(RequestHead request) {
    request.add(batchStart);
  }

  /** The consumer name of this worker, an attribute of all messages. */
  String consumer() {
    return consumer;
  }

  /** Writes the head of a request, up to the attributes of the message. */
  void describe(Message message, RequestHead request) {
    request.add(start);
    request.add(sources.computeIfAbsent(message.stream(), CloudEvent::sourceLine));
    Attributes attributes = (name, value) -> request.set("ce-", name, headerValue(value));
    attributes(message, attributes);
    published(message).ifPresent(trace -> trace(trace, attributes));
    message.trace().ifPresent(trace -> hop(trace, request));
  }

  /**
   * The attributes that differ between the messages of a stream, with their values as they are. All
   * ways to write an event use this list.
   */
  void attributes(Message message, Attributes to) {
    to.set("type", "io.streamfleet." + message.direction().label());
    to.set("id", message.id());
    nonEmpty(message.channel()).ifPresent(it -> to.set("subject", it));
    Instant time = message.timestamp();
    if (time.isBefore(FIRST_AFTER_RFC_3339)) {
      to.set("time", text(time));
    }
    message.traceId().flatMap(CloudEvent::nonEmpty).ifPresent(it -> to.set("traceid", it));
    to.set("attempt", Integer.toString(message.attempt()));
    message.fencingToken().ifPresent(token -> to.set("fencingtoken", Long.toString(token)));
  }

  /** The position from which the endpoint continues the trace, as it reads it in any request. */
  private static void hop(TraceContext trace, RequestHead request) {
    request.set("traceparent", trace.traceparent());
    if (!trace.tracestate().isEmpty()) {
      request.set("tracestate", trace.tracestate());
    }
  }

  private static Optional<TraceContext> published(Message message) {
    return message instanceof Entry entry ? entry.publishedTrace() : message.trace();
  }

  /** CloudEvents' extension for distributed tracing, of a position in a trace. */
  static void trace(TraceContext trace, Attributes to) {
    to.set("traceparent", trace.traceparent());
    nonEmpty(trace.tracestate()).ifPresent(it -> to.set("tracestate", it));
  }

  private static byte[] sourceLine(String stream) {
    RequestHead line = new RequestHead();
    line.set("ce-source", headerValue(source(stream)));
    return line.lines();
  }

  /** The text of {@link Instant#toString()}, whose calendar is the dearest part of a head. */
  String text(Instant time) {
    int nanos = time.getNano();
    int millis = nanos / NANOS_A_MILLI;
    if (nanos % NANOS_A_MILLI != 0) {
      return time.toString();
    }
    Second second = last;
    if (second.epochSecond() != time.getEpochSecond()) {
      String whole = Instant.ofEpochSecond(time.getEpochSecond()).toString();
      second = new Second(time.getEpochSecond(), whole.substring(0, whole.length() - 1));
      last = second;
    }
    if (millis == 0) {
      return second.text() + "Z";
    }
    String digits = Integer.toString(1_000 + millis);
    return second.text() + "." + digits.substring(1) + "Z";
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
