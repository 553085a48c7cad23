package io.streamfleet.commands.stream;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import java.time.Instant;
import java.util.List;

/** The clock of Redis, from which the ids of entries come. */
public final class ServerTime {

  private ServerTime() {}

  /** Reads the current time from Redis. */
  public static Instant of(Link link) {
    List<Object> time = RedisReply.of(() -> link.list(CommandType.TIME, Link.args()));
    return Instant.ofEpochSecond(
        Long.parseLong(Link.text(time.get(0))), Long.parseLong(Link.text(time.get(1))) * 1_000);
  }
}
