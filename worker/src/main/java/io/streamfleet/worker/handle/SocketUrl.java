package io.streamfleet.worker.handle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The URL of a Unix domain socket: {@code unix:///run/bot.sock:/messages}. The path of the socket
 * ends at the colon; the rest is the target of requests.
 *
 * @param target the path and query of requests
 */
record SocketUrl(Path path, String target) {

  static final String SCHEME = "unix://";

  /** The limit of Linux in bytes, without the terminating zero; other systems allow less. */
  private static final int LONGEST_PATH = 107;

  static boolean isOne(String url) {
    return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /**
   * @throws IllegalArgumentException if the URL is invalid
   */
  static SocketUrl of(String url) {
    String rest = url.substring(SCHEME.length());
    int colon = rest.indexOf(':');
    String path = colon < 0 ? rest : rest.substring(0, colon);
    String target = colon < 0 ? "/" : rest.substring(colon + 1);
    if (!path.startsWith("/") || !target.startsWith("/")) {
      throw new IllegalArgumentException(
          "a unix URL must have the absolute path of a socket and, after a colon, an absolute path"
              + " to post to: unix:///run/bot.sock:/messages");
    }
    if (path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new IllegalArgumentException(
          "the path of the socket is longer than " + LONGEST_PATH + " bytes");
    }
    return new SocketUrl(Path.of(path), target);
  }
}
