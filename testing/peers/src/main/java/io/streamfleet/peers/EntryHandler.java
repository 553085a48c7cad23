package io.streamfleet.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Handles an entry. Thread-safe. */
public interface EntryHandler extends AutoCloseable {

  void handle(Map<String, Object> payload) throws InterruptedException;

  /** Called after the last entry. */
  @Override
  default void close() throws IOException {}

  /**
   * Parses the name on the command line: {@code discard}, {@code time:FILE} or {@code wait:MILLIS}.
   *
   * @throws IllegalArgumentException for any other name
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
