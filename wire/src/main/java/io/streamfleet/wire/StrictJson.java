package io.streamfleet.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;

/** Jackson's streaming parser, restricted to RFC 8259 and UTF-8. */
final class StrictJson {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Names come from outside: they must neither be interned nor refused because of their
          // hashes.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(HeaderScan.MAX_DEPTH).build())
          .build();

  private StrictJson() {}

  /** A parser before the first token of {@code data}, after the bytes were validated as UTF-8. */
  static JsonParser open(byte[] data) throws IOException, Undecodable {
    // Jackson accepts overlong forms and surrogates, and detects UTF-16 by zero bytes.
    int malformed = Utf8.firstMalformed(data, 0, data.length);
    if (malformed >= 0) {
      throw Undecodable.payload(malformed, "text that is not UTF-8");
    }
    for (int at = 0; at < Math.min(4, data.length); at++) {
      if (data[at] == 0) {
        throw Undecodable.payload(at, "a zero byte in JSON");
      }
    }
    return FACTORY.createParser(data);
  }

  /**
   * Refuses a lone surrogate, which an escape can contain: neither msgpack nor a Redis key can hold
   * such a text.
   */
  static void requireWhole(String text, JsonParser parser) throws Undecodable {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw Undecodable.payload(
            parser.currentTokenLocation().getByteOffset(), "half a surrogate pair");
      }
    }
  }

  /** The parser's complaint, without the excerpt in its message. */
  static Undecodable undecodable(IOException failure) {
    long offset =
        failure instanceof JsonProcessingException e && e.getLocation() != null
            ? Math.max(0, e.getLocation().getByteOffset())
            : 0;
    return Undecodable.payload(
        offset,
        failure instanceof StreamConstraintsException
            ? "JSON nested deeper than "
                + HeaderScan.MAX_DEPTH
                + " levels, or a name, number or text too long"
            : "not well-formed JSON");
  }
}
