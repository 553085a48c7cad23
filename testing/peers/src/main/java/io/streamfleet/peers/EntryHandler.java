package io.streamfleet.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What is done with an entry. Safe for many threads. */
public interface EntryHandler extends AutoCloseable {

  void handle(Map<String, Object> payload) throws InterruptedException;

  /** After the last entry. */
  @Override
  default void close() throws IOException {}

  /**
   * Reads how the command line names it: {@code discard}, {@code time:FILE} or {@code wait:MILLIS}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static EntryHandler of(String name) {
    int colon = name.indexOf(':');
    String value = name.substring(colon + 1);
    return switch (colon < 0 ? name : name.substring(0, colon)) {
      case "discard" -> payload -> {};
      case "time" -> new Stopwatch(Path.of(value));
      case "wait" -> {
        Duration wait = Duration.ofMillis(Long.parseLong(value));
        yield payload -> Thread.sleep(wait);
      }
      default -> throw new IllegalArgumentException("there is no handler " + name);
    };
  }
}
