package io.streamfleet.commands.stream;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import java.time.Instant;
import java.util.List;

/** What time it is at the server, which gives entries their ids. */
public final class ServerTime {

  private ServerTime() {}

  /** Asks. */
  public static Instant of(Link link) {
    List<Object> time = RedisReply.of(() -> link.list(CommandType.TIME, Link.args()));
    return Instant.ofEpochSecond(
        Long.parseLong(Link.text(time.get(0))), Long.parseLong(Link.text(time.get(1))) * 1_000);
  }
}
