package io.streamfleet.handler;

import java.util.Map;

/** The field {@code data} of an entry: a map, msgpack or JSON on the wire. */
public interface Payload {

  /**
   * The payload as plain Java values: {@code Map}, {@code List}, {@code String}, {@code Long} (a
   * {@code BigInteger} above its range), {@code Double}, {@code Boolean}, {@code byte[]}, {@code
   * null}. Decoded anew at each call; the result belongs to the caller.
   */
  Map<String, Object> toMap();

  /** The payload as one JSON object in UTF-8. */
  byte[] toJson();

  /** The bytes on the wire. Not a copy: do not change them. */
  byte[] raw();
}
