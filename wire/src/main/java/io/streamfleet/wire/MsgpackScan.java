package io.streamfleet.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Scans a msgpack payload. It works on the bytes, because it runs for every entry: it only
 * remembers where the wanted values begin and creates no objects.
 *
 * @see <a href="https://github.com/msgpack/msgpack/blob/master/spec.md">the msgpack format</a>
 */
final class MsgpackScan {

  private static final byte[] IS_ADDRESSED = "is_addressed".getBytes(US_ASCII);
  private static final byte[] TRACE_ID = "trace_id".getBytes(US_ASCII);
  private static final byte[] MESSAGE_ID = "message_id".getBytes(US_ASCII);
  private static final byte[] PLATFORM = "platform".getBytes(US_ASCII);
  private static final byte[] USER_ID = "user_id".getBytes(US_ASCII);

  private final byte[] orderingField;

  MsgpackScan(String orderingField) {
    this.orderingField = orderingField.getBytes(UTF_8);
  }

  Header scan(byte[] data) throws Undecodable {
    int channel = 0;
    int addressed = 0;
    int traceId = 0;
    int messageId = 0;
    int platform = 0;
    int userId = 0;
    int at = MsgpackWalk.afterMapHeader(data);
    for (int left = MsgpackWalk.mapSize(data); left > 0; left--) {
      int key = MsgpackWalk.textStart(data, at);
      int value = MsgpackWalk.textEnd(data, at, key);
      switch (value - key) {
        case 7 -> userId = is(USER_ID, data, key, value) ? value : userId;
        case 8 -> {
          if (is(TRACE_ID, data, key, value)) {
            traceId = value;
          } else if (is(PLATFORM, data, key, value)) {
            platform = value;
          }
        }
        case 10 -> messageId = is(MESSAGE_ID, data, key, value) ? value : messageId;
        case 12 -> addressed = is(IS_ADDRESSED, data, key, value) ? value : addressed;
        default -> {}
      }
      // Separate from the others, since the ordering field may be one of them.
      if (is(orderingField, data, key, value)) {
        channel = value;
      }
      at = MsgpackWalk.skip(data, value, 1);
    }
    if (at != data.length) {
      throw Undecodable.payload(at, "bytes left over after the map");
    }
    WireNames.require("trace_id", MsgpackValue.textLength(data, traceId));
    return new MsgpackHeader(
        data,
        channelAt(data, channel),
        addressed == 0 || MsgpackValue.isTrue(data, addressed),
        traceId,
        messageId,
        platform,
        userId);
  }

  private static String channelAt(byte[] data, int at) throws Undecodable {
    if (at == 0 || !MsgpackValue.isTrue(data, at)) {
      return Header.GLOBAL;
    }
    WireNames.require("the ordering field", MsgpackValue.textLength(data, at));
    String channel = MsgpackValue.text(data, at);
    if (channel == null) {
      throw Undecodable.payload(at, "the ordering field is neither text nor a number");
    }
    return channel;
  }

  private static boolean is(byte[] name, byte[] data, int from, int to) {
    return name.length == to - from && Arrays.equals(name, 0, name.length, data, from, to);
  }
}
