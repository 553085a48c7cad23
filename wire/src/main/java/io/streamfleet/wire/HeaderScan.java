package io.streamfleet.wire;

/**
 * Scans a payload once, from its first byte to its last: reads the {@link Header} and finds
 * everything malformed, so that nothing later in the pipeline gets a broken payload.
 *
 * <p>A payload is a msgpack map or a JSON object. The first byte tells which: an opening brace and
 * JSON's white space are small integers in msgpack, never a map. If a key occurs twice the last
 * value counts, as in a Python {@code dict}.
 *
 * <p>Thread-safe.
 */
public final class HeaderScan {

  /**
   * How deep maps and lists may nest, the payload itself being the first level. Real payloads stay
   * below 10. 64 is the limit of .NET's JSON reader, the lowest default among common ones, so any
   * handler can read what is passed on; and it limits the recursion here.
   */
  public static final int MAX_DEPTH = 64;

  private final MsgpackScan msgpack;
  private final JsonScan json;

  /**
   * @param orderingField the top-level field whose value is the channel, such as {@code channel_id}
   */
  public HeaderScan(String orderingField) {
    this.msgpack = new MsgpackScan(orderingField);
    this.json = new JsonScan(orderingField);
  }

  /**
   * Reads the header of a payload.
   *
   * @param data the field {@code data} of an entry; the header keeps it, so it must not change
   * @throws Undecodable if the bytes are not one well-formed map (cut short, bytes left over,
   *     invalid UTF-8, a key at the top that is not text, a key below that is a list, a map or an
   *     extension, nested deeper than {@link #MAX_DEPTH}), or if the ordering field is a list, a
   *     map, bytes or an extension, none of which names a channel
   */
  public Header scan(byte[] data) throws Undecodable {
    if (data.length == 0) {
      throw Undecodable.noPayload();
    }
    return isJson(data) ? json.scan(data) : msgpack.scan(data);
  }

  /** Tells the two formats apart; does not check whether the rest is well-formed. */
  static boolean isJson(byte[] data) {
    return data.length > 0
        && switch (data[0]) {
          case '{', ' ', '\t', '\n', '\r' -> true;
          default -> false;
        };
  }
}
