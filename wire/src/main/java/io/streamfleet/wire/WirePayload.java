package io.streamfleet.wire;

import io.streamfleet.handler.Payload;
import java.util.Map;

/**
 * A payload in its encoded form; decoded only when a handler asks for it.
 *
 * <p>What msgpack has and JSON does not is mapped like this ({@link #toMap()} follows {@link
 * Payload#toMap()}, {@link #toJson()} is in parentheses):
 *
 * <ul>
 *   <li>bytes: {@code byte[]} (base64 text)
 *   <li>a timestamp (extension -1): its RFC 3339 text in both; an invalid one, or one of a year
 *       that RFC 3339 can't express, is treated as any other extension
 *   <li>any other extension: a map of {@code ext}, its type, and {@code data}, its bytes
 *   <li>a 64-bit unsigned integer above {@code Long}: {@code BigInteger} (all its digits)
 *   <li>a 32-bit float: the {@code Double} of the same value, as in Python (the shortest decimal
 *       that parses to the same 32-bit float)
 *   <li>NaN and the infinities: as they are ({@code null}, as in JavaScript, so that the type of a
 *       field does not change)
 *   <li>a key below the top level that is not text: {@code null}, {@code true}, {@code false}, the
 *       text of a number as in Python, base64 of bytes
 * </ul>
 *
 * <p>If a key occurs twice, {@code toMap} has the last value; the JSON has both, in order, and its
 * readers use the last.
 */
public final class WirePayload implements Payload {

  private final byte[] data;

  /**
   * @param data bytes that {@link HeaderScan#scan} accepted; with others {@code toMap} throws
   *     {@link IllegalArgumentException}, and {@code toJson} may
   */
  public WirePayload(byte[] data) {
    this.data = data;
  }

  @Override
  public Map<String, Object> toMap() {
    return read(() -> isJson() ? JsonToJava.map(data) : MsgpackToJava.map(data));
  }

  @Override
  public byte[] toJson() {
    return read(() -> isJson() ? data : MsgpackToJson.json(data));
  }

  /** Whether it is JSON already. */
  public boolean isJson() {
    return HeaderScan.isJson(data);
  }

  /** The length of {@link #toJson()} in bytes, for a payload that is not JSON already. */
  public long jsonLength() {
    return read(() -> MsgpackToJson.length(data));
  }

  /**
   * The same as {@link #toJson()}, without intermediate copies.
   *
   * @param length from {@link #jsonLength()}
   */
  public byte[] toJson(int length) {
    return read(() -> MsgpackToJson.json(data, length));
  }

  private interface Reading<T> {
    T read() throws Undecodable;
  }

  /** Bytes that the scan did not accept are a mistake of the caller. */
  private static <T> T read(Reading<T> reading) {
    try {
      return reading.read();
    } catch (Undecodable e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public byte[] raw() {
    return data;
  }
}
