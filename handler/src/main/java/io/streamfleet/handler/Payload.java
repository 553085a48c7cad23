package io.streamfleet.handler;

import java.util.Map;

/** The field {@code data} of an entry: a map, in msgpack or JSON. */
public interface Payload {

  /**
   * The payload as plain Java values: {@code Map}, {@code List}, {@code String}, {@code Long} (a
   * {@code BigInteger} above its range), {@code Double}, {@code Boolean}, {@code byte[]}, {@code
   * null}. Decoded at each call; the caller may change the result.
   */
  Map<String, Object> toMap();

  /** The payload as one JSON object in UTF-8. */
  byte[] toJson();

  /** The bytes in Redis. Not a copy: do not change them. */
  byte[] raw();
}
