package io.streamfleet.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Limits the length of texts that are used as names: of keys in Redis, headers, lanes. Each is kept
 * in several places as long as its entry, and a key of a megabyte is expensive for Redis, too.
 */
public final class WireNames {

  /** The maximum length in bytes. The ids of platforms have some dozens. */
  public static final int LONGEST = 1_024;

  private WireNames() {}

  /**
   * Refuses an entry whose name is too long.
   *
   * @param name of the field
   * @param value its bytes, null if there are none
   * @throws Undecodable with the reason {@link Undecodable.Reason#TOO_LARGE}
   */
  public static void require(String name, byte @Nullable [] value) throws Undecodable {
    require(name, value == null ? 0 : value.length);
  }

  /** The same for a decoded text. */
  static void require(String name, String value) throws Undecodable {
    // A character has at most three bytes, so most texts need not be encoded to be measured.
    if (value.length() > LONGEST / 3) {
      require(name, value.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  /** The same for a known length. */
  static void require(String name, long bytes) throws Undecodable {
    if (bytes > LONGEST) {
      throw Undecodable.tooLarge(name + " is longer than " + LONGEST + " bytes");
    }
  }

  /** The text, or null if it is too long for a name. */
  public static @Nullable String shortEnough(@Nullable String text) {
    return text == null || text.length() > LONGEST ? null : text;
  }
}
