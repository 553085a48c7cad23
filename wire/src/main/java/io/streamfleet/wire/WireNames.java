package io.streamfleet.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Texts of an entry that become names: of keys in Redis, of headers, of lanes. Each is kept several
 * times over, for as long as its entry is, and a key of a megabyte costs the server dearly, too.
 */
public final class WireNames {

  /** Bytes of the longest one. The ids of platforms have some dozens. */
  public static final int LONGEST = 1_024;

  private WireNames() {}

  /**
   * Refuses an entry whose name is too long.
   *
   * @param name what the field is called
   * @param value its bytes, null if there are none
   * @throws Undecodable with the reason {@link Undecodable.Reason#TOO_LARGE}
   */
  public static void require(String name, byte @Nullable [] value) throws Undecodable {
    require(name, value == null ? 0 : value.length);
  }

  /** The same for one that was decoded. */
  static void require(String name, String value) throws Undecodable {
    // A character has three bytes at the most; most texts need not be encoded to be counted.
    if (value.length() > LONGEST / 3) {
      require(name, value.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  /** The same, where only its length is known. */
  static void require(String name, long bytes) throws Undecodable {
    if (bytes > LONGEST) {
      throw Undecodable.tooLarge(name + " is longer than " + LONGEST + " bytes");
    }
  }

  /** The text, unless it is too long to be a name. */
  public static @Nullable String shortEnough(@Nullable String text) {
    return text == null || text.length() > LONGEST ? null : text;
  }
}
