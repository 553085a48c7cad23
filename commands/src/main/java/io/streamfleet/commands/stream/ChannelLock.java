package io.streamfleet.commands.stream;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import java.time.Duration;
import java.util.Optional;

/**
 * The lock of a channel.
 *
 * @param holder the consumer that holds it; if another program does, the value of the key up to its
 *     last slash
 * @param left the time after which it expires unless it is renewed
 */
public record ChannelLock(String key, String holder, Duration left) {

  /** Reads a lock; empty if it is free, or if Redis refuses the call. */
  public static Optional<ChannelLock> of(Link link, String key) {
    try {
      Optional<String> value =
          Optional.ofNullable(
              RedisReply.of(() -> link.status(CommandType.GET, Link.args().addKey(key))));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      long left = RedisReply.of(() -> link.number(CommandType.PTTL, Link.args().addKey(key)));
      // <consumer>/<uuid>, see LockToken; the name of a consumer may contain slashes.
      return Optional.of(
          new ChannelLock(
              key, value.get().replaceFirst("/[^/]*$", ""), Duration.ofMillis(Math.max(0, left))));
    } catch (RedisCommandExecutionException e) {
      return Optional.empty();
    }
  }
}
