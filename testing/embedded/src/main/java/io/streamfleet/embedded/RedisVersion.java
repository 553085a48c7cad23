package io.streamfleet.embedded;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of {@code redis-server --version}, such as {@code Redis server v=7.0.15 sha=00000000:0
 * ...}.
 *
 * @param product {@code redis} or {@code valkey}; their version numbers can't be compared with each
 *     other
 */
public record RedisVersion(String product, int major, int minor, int patch) {

  private static final Pattern NUMBER = Pattern.compile("\\bv=(\\d+)\\.(\\d+)\\.(\\d+)");

  static Optional<RedisVersion> parse(String line) {
    Matcher number = NUMBER.matcher(line);
    if (!number.find()) {
      return Optional.empty();
    }
    String product = line.toLowerCase(Locale.ROOT).contains("valkey") ? "valkey" : "redis";
    return Optional.of(
        new RedisVersion(
            product,
            Integer.parseInt(number.group(1)),
            Integer.parseInt(number.group(2)),
            Integer.parseInt(number.group(3))));
  }

  public boolean isAtLeast(int atLeastMajor, int atLeastMinor) {
    return major > atLeastMajor || (major == atLeastMajor && minor >= atLeastMinor);
  }

  @Override
  public String toString() {
    return "%s %d.%d.%d".formatted(product, major, minor, patch);
  }
}
