package io.streamfleet.original;

import java.time.Duration;

/**
 * Where an original worker works, and its times.
 *
 * @param name its consumer name
 * @param locks what the keys of the channels' locks begin with
 * @param lockTtl how long a lock lasts; it is not renewed, so this has to outlast the longest
 *     handling
 * @param deadLetters the stream of dead letters
 * @param claims the hash in which claims are counted
 * @param minIdle from when on its sweep takes entries of others
 * @param patience how long it waits for a lock before it puts the message at the stream's end
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

  /** With the keys that the original has. */
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
