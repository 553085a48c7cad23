package io.streamfleet.bench;

import io.streamfleet.wire.PayloadWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;

/**
 * The entries of the bench, like those of a chat bot's gateway: about 300 bytes with their field
 * names, of which about 240 are the msgpack payload.
 */
final class Messages {

  /** Brings the payload to about 240 bytes. */
  private static final String TEXT =
      "Would you look at the deploy of last night when you can, and tell the others?!";

  /** 14 November 2026; any time of realistic length will do. */
  private static final long BASE_TIME = 1_794_614_400L;

  private final PayloadWriter writer = new PayloadWriter();
  private final LongUnaryOperator channels;

  private Messages(LongUnaryOperator channels) {
    this.channels = channels;
  }

  /** Spread evenly over this many channels. */
  Messages(int channels) {
    // Knuth's multiplicative hash: consecutive entries are in different channels, as in real
    // traffic.
    this(number -> ((number * 2_654_435_761L) >>> 7) % channels);
  }

  /**
   * Spread by Zipf's law with exponent 1: the channel of rank k has a share proportional to 1/k, so
   * of 1,000 channels the first has 13 % of all entries and the first ten have 39 %.
   */
  static Messages skewed(int channels) {
    double[] upTo = new double[channels];
    double sum = 0;
    for (int rank = 1; rank <= channels; rank++) {
      sum += 1.0 / rank;
      upTo[rank - 1] = sum;
    }
    double all = sum;
    return new Messages(
        number -> {
          // A function of the entry's number alone, so that every contender has the same entries.
          double share = new SplittableRandom(number).nextDouble() * all;
          int found = Arrays.binarySearch(upTo, share);
          return found < 0 ? -found - 1 : found;
        });
  }

  /** Spread evenly over these channels. */
  static Messages among(List<Long> channels) {
    return new Messages(
        number -> channels.get((int) (((number * 2_654_435_761L) >>> 7) % channels.size())));
  }

  /** The channel of {@link #uneven} that gets more than the others. */
  static final long BUSY = 0;

  /**
   * Spread evenly over so many channels, of which the first gets some times what each other has.
   */
  static Messages uneven(int channels, int times) {
    return new Messages(
        number -> {
          long share = ((number * 2_654_435_761L) >>> 7) % (channels - 1 + times);
          return share < times ? BUSY : share - times + 1;
        });
  }

  /** The id of a channel, as a payload has it. */
  static String channelId(long channel) {
    return Long.toString(1_100_000_000_000_000_000L + channel);
  }

  /** The fields of the entry with this number. */
  Map<String, byte[]> entry(long number) {
    return entry(number, Map.of());
  }

  /**
   * The same with more fields in its payload.
   *
   * @param more such as {@link Stopwatch#INTENDED}
   */
  Map<String, byte[]> entry(long number, Map<String, ?> more) {
    long channel = channels.applyAsLong(number);
    Map<String, Object> payload = payload(number, channel);
    payload.putAll(more);
    Map<String, byte[]> fields = new LinkedHashMap<>();
    fields.put("data", writer.write(payload));
    fields.put("ts", text(Double.toString(BASE_TIME + number / 1_000.0)));
    fields.put("trace_id", text("%08x%024x".formatted(number, channel)));
    return fields;
  }

  /** The payload alone, as a modifiable map. */
  Map<String, Object> payload(long number) {
    return payload(number, channels.applyAsLong(number));
  }

  private static Map<String, Object> payload(long number, long channel) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("message_id", Long.toString(1_438_000_000_000_000_000L + number));
    payload.put("channel_id", channelId(channel));
    payload.put("user_id", Long.toString(200_000_000_000_000_000L + number % 5_000));
    payload.put("platform", "discord");
    payload.put("is_addressed", true);
    payload.put("content", TEXT);
    payload.put("attempts", 0);
    payload.put("sent_at", BASE_TIME + number / 1_000.0);
    return payload;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
