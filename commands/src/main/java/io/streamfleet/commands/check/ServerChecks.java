package io.streamfleet.commands.check;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Checks the Redis server: latency, clock, version, role, persistence, eviction and memory. */
final class ServerChecks {

  private static final String SETUP = "docs/redis.md#setting-up-a-server";
  private static final String VERSIONS = "docs/redis.md#versions";
  private static final String TROUBLE = "docs/redis.md#when-redis-fails";

  /** Since Redis 7.0 the reply of XAUTOCLAIM lists the entries that were deleted. */
  private static final int OLDEST_MAJOR = 7;

  /** Beyond this share of {@code maxmemory} a burst of a minute can fill the rest. */
  private static final double NEARLY_FULL = 0.9;

  /** Ages are computed from both clocks; a difference of a few seconds does not mislead anybody. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(5);

  /** A round trip takes less than 1 ms on a local network; at 20 ms a worker mostly waits. */
  private static final Duration SLOW = Duration.ofMillis(20);

  private final Link link;
  private final Clock clock;

  ServerChecks(Link link, Clock clock) {
    this.link = link;
    this.clock = clock;
  }

  List<Finding> all(Optional<String> writesRefused) {
    List<Finding> found = new ArrayList<>();
    found.add(connection());
    found.add(clocks());
    found.add(
        writesRefused
            .map(
                refusal ->
                    Finding.error(
                        "writes",
                        "Redis refuses writes: " + refusal,
                        "fix the cause that it names; workers wait meanwhile and lose nothing",
                        TROUBLE))
            .orElseGet(() -> Finding.ok("writes", "Redis accepts writes", TROUBLE)));
    Optional<ServerInfo> info = ServerInfo.of(link);
    if (info.isEmpty()) {
      found.add(
          Finding.warning(
              "version",
              "version, persistence and eviction could not be checked: the user may not run INFO",
              "ACL SETUSER ... +info",
              "docs/redis.md#kinds-of-servers"));
      return found;
    }
    found.add(version(info.get()));
    found.add(role(info.get()));
    found.add(persistence(info.get()));
    found.add(eviction(info.get()));
    found.add(memory(info.get()));
    return found;
  }

  private Finding connection() {
    RedisReply.of(() -> link.status(CommandType.PING, Link.args()));
    long begin = System.nanoTime();
    RedisReply.of(() -> link.status(CommandType.PING, Link.args()));
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    String text = "Redis answers in %.1f ms".formatted(took.toNanos() / 1e6);
    return took.compareTo(SLOW) <= 0
        ? Finding.ok("connection", text, TROUBLE)
        : Finding.warning(
            "connection",
            text,
            "run workers near Redis, and look for slow commands: redis-cli SLOWLOG GET",
            TROUBLE);
  }

  private Finding clocks() {
    Instant before = clock.instant();
    List<Object> time = RedisReply.of(() -> link.list(CommandType.TIME, Link.args()));
    Instant server =
        Instant.ofEpochSecond(
            Long.parseLong(Link.text(time.get(0))), Long.parseLong(Link.text(time.get(1))) * 1_000);
    Duration apart = Duration.between(before, server).abs();
    return apart.compareTo(CLOCKS_APART) <= 0
        ? Finding.ok("clocks", "the clocks of Redis and of this machine agree", SETUP)
        : Finding.warning(
            "clocks",
            "the clocks of Redis and of this machine are " + Text.age(apart) + " apart",
            "run NTP on both; locks and idle times use the clock of Redis, logs the local one",
            SETUP);
  }

  private static Finding version(ServerInfo info) {
    return info.major() >= OLDEST_MAJOR
        ? Finding.ok("version", info.product(), VERSIONS)
        : Finding.error(
            "version", info.product() + " is too old", "use Redis 7.0 or later", VERSIONS);
  }

  private static Finding role(ServerInfo info) {
    String role = info.text("role");
    return role.equals("slave")
        ? Finding.error(
            "role",
            "this server is a replica, which refuses writes",
            "set spec.redis.url to the master, or to its Sentinels",
            "docs/redis.md#kinds-of-servers")
        : Finding.ok("role", "this server is the " + role, "docs/redis.md#kinds-of-servers");
  }

  private static Finding persistence(ServerInfo info) {
    boolean failed =
        info.text("aof_last_write_status").equals("err")
            || info.text("rdb_last_bgsave_status").equals("err");
    if (failed) {
      return Finding.error(
          "persistence",
          "Redis could not write to its disk",
          "look at the log of Redis; often the disk is full",
          SETUP);
    }
    return info.text("aof_enabled").equals("1")
        ? Finding.ok("persistence", "the append-only file is on", SETUP)
        : Finding.warning(
            "persistence",
            "the append-only file is off: a crash of Redis loses everything since its last snapshot",
            "CONFIG SET appendonly yes, and the same in its configuration",
            SETUP);
  }

  private static Finding eviction(ServerInfo info) {
    String policy = info.text("maxmemory_policy");
    if (policy.equals("noeviction")) {
      return Finding.ok("eviction", "nothing is evicted", SETUP);
    }
    String remedy = "CONFIG SET maxmemory-policy noeviction, and the same in its configuration";
    return policy.startsWith("allkeys")
        ? Finding.error(
            "eviction",
            policy + ": when memory is full, Redis deletes whole streams",
            remedy,
            SETUP)
        : Finding.warning(
            "eviction",
            policy + ": when memory is full, Redis deletes channel locks and traces",
            remedy,
            SETUP);
  }

  private static Finding memory(ServerInfo info) {
    OptionalLong most = info.number("maxmemory");
    long used = info.number("used_memory").orElse(0);
    String text = Text.number(used >> 20) + " MiB used";
    if (most.isEmpty() || most.getAsLong() == 0) {
      return Finding.ok("memory", text + ", no limit set", "docs/redis.md#memory-of-streams");
    }
    text += " of " + Text.number(most.getAsLong() >> 20) + " MiB";
    return used < NEARLY_FULL * most.getAsLong()
        ? Finding.ok("memory", text, "docs/redis.md#memory-of-streams")
        : Finding.warning(
            "memory",
            text,
            "raise maxmemory, or have publishers trim to a smaller length (XADD ... MAXLEN ~ N)",
            "docs/redis.md#memory-of-streams");
  }
}
