package io.streamfleet.original;

import java.time.Duration;

/**
 * The location and the durations of an original worker.
 *
 * @param name its consumer name
 * @param locks the prefix of the channel locks' keys
 * @param lockTtl the lifetime of a lock; it is not renewed, so it has to exceed the longest
 *     handling
 * @param deadLetters the stream of dead letters
 * @param claims the hash in which claims are counted
 * @param minIdle the idle time after which its sweep claims entries of others
 * @param patience how long it waits for a lock before it appends the message to the stream again
 */
public record OriginalSettings(
    String redisUrl,
    String name,
    String stream,
    String group,
    String locks,
    Duration lockTtl,
    String deadLetters,
    String claims,
    Duration minIdle,
    Duration patience) {

  /** With the original's keys. */
  public static OriginalSettings of(
      String redisUrl,
      String name,
      String stream,
      String group,
      Duration minIdle,
      Duration patience) {
    return new OriginalSettings(
        redisUrl,
        name,
        stream,
        group,
        "sg:lock:channel:",
        Duration.ofSeconds(60),
        "sg:stream:dlq",
        "sg:autoclaim:attempts",
        minIdle,
        patience);
  }
}
