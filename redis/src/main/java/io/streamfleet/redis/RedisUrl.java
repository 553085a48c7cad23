package io.streamfleet.redis;

import io.lettuce.core.RedisURI;

/** Where Redis is, as a person writes it. */
public final class RedisUrl {

  private RedisUrl() {}

  /**
   * Checks an address before anything is made of it.
   *
   * @throws UnreadableUrl when it cannot be read
   */
  public static void check(String url) {
    read(url);
  }

  /** What the client says of a bad one quotes it, password included, so that is not passed on. */
  static RedisURI read(String url) {
    try {
      return RedisURI.create(url);
    } catch (IllegalArgumentException e) {
      throw new UnreadableUrl(
          masked(url)
              + " cannot be read: write redis://HOST:PORT, rediss://HOST:PORT or"
              + " redis-sentinel://HOST:PORT#MASTER, special characters in a password as %XX");
    }
  }

  /**
   * The text without user and password. Hidden is all that is before the last {@code @} but the
   * scheme, since a password with an unescaped slash is what cannot be read.
   */
  private static String masked(String url) {
    int at = url.lastIndexOf('@');
    if (at < 0) {
      return url;
    }
    int slashes = url.indexOf("//");
    int begin = slashes >= 0 && slashes < at ? slashes + 2 : 0;
    return url.substring(0, begin) + "***" + url.substring(at);
  }
}
