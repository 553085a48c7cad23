package io.streamfleet.commands.check;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The fields of the server's reply to INFO. */
record ServerInfo(Map<String, String> fields) {

  /**
   * Runs INFO.
   *
   * @return empty if Redis refuses the command, usually as the user lacks the right
   */
  static Optional<ServerInfo> of(Link link) {
    String text;
    try {
      text = RedisReply.of(() -> link.status(CommandType.INFO, Link.args()));
    } catch (RedisCommandExecutionException e) {
      return Optional.empty();
    }
    Map<String, String> fields = new HashMap<>();
    text.lines()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> fields.put(pair[0], pair[1].strip()));
    return Optional.of(new ServerInfo(fields));
  }

  String text(String field) {
    return fields.getOrDefault(field, "");
  }

  OptionalLong number(String field) {
    String value = text(field);
    return value.matches("-?[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(value))
        : OptionalLong.empty();
  }

  /** The product with its version, such as {@code Redis 7.0.15} or {@code Valkey 8.1.1}. */
  String product() {
    String valkey = text("valkey_version");
    return valkey.isEmpty() ? "Redis " + text("redis_version") : "Valkey " + valkey;
  }

  /** The major version of Redis, or of the Redis that a Valkey is compatible with; 0 if unknown. */
  int major() {
    String version = text("redis_version");
    return version.matches("[0-9]+\\..*") ? Integer.parseInt(version.replaceAll("\\..*", "")) : 0;
  }
}
