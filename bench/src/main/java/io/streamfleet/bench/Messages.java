package io.streamfleet.bench;

import io.streamfleet.worker.decode.PayloadWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The entries that are benched: what a chat bot's gateway writes, about 300 bytes with their field
 * names, of which about 240 are the msgpack payload.
 */
final class Messages {

  /** Brings the payload to about 240 bytes. */
  private static final String TEXT =
      "Would you look at the deploy of last night when you can, and tell the others?!";

  /** 14 November 2026: any time will do, it only has to be as long as a real one. */
  private static final long EPOCH = 1_794_614_400L;

  private final PayloadWriter writer = new PayloadWriter();
  private final int channels;

  /**
   * @param channels over how many channels the entries are spread, in turn
   */
  Messages(int channels) {
    this.channels = channels;
  }

  /** The fields of the entry with this number. */
  Map<String, byte[]> entry(long number) {
    return entry(number, Map.of());
  }

  /**
   * The same with more in its payload.
   *
   * @param more such as {@link Stopwatch#INTENDED}
   */
  Map<String, byte[]> entry(long number, Map<String, ?> more) {
    // Knuth's multiplicative hash: neighbours are of different channels, as in real traffic.
    long channel = ((number * 2_654_435_761L) >>> 7) % channels;
    String trace = "%08x%024x".formatted(number, channel);
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("message_id", Long.toString(1_438_000_000_000_000_000L + number));
    payload.put("channel_id", Long.toString(1_100_000_000_000_000_000L + channel));
    payload.put("user_id", Long.toString(200_000_000_000_000_000L + number % 5_000));
    payload.put("platform", "discord");
    payload.put("is_addressed", true);
    payload.put("content", TEXT);
    payload.put("attempts", 0);
    payload.put("sent_at", EPOCH + number / 1_000.0);
    payload.putAll(more);
    Map<String, byte[]> fields = new LinkedHashMap<>();
    fields.put("data", writer.write(payload));
    fields.put("ts", text(Double.toString(EPOCH + number / 1_000.0)));
    fields.put("trace_id", text(trace));
    return fields;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
