package io.streamfleet.commands;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.embedded.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What each command costs Redis on a stream of a million entries, of which a tenth is pending.
 * Prints how long the command took, and the slowest of its calls by Redis' own count.
 *
 * <p>{@code CostMeasurement [entries]}
 */
public final class CostMeasurement {

  /** Entries that a script appends in one call. */
  private static final int BATCH = 10_000;

  private static final int CHANNELS = 5_000;
  private static final int DEAD_LETTERS = 5_000;

  /** Calls above this are counted. */
  private static final int SLOW_MICROS = 1_000;

  /** Long enough for the scripts that fill the streams. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private CostMeasurement() {}

  /** Measures. */
  public static void main(String[] arguments) throws Exception {
    int entries = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
    Path manifest = Files.createTempFile("cost", ".yaml");
    try (RedisServer server = RedisServer.plain()) {
      Files.writeString(
          manifest,
          """
          redis: {url: "%s"}
          inbound: {streams: [in], group: g, handler: {builtin: Discard}}
          deadLetter: {stream: dlq}
          """
              .formatted(server.url()));
      RedisClient client = RedisClient.create(server.url());
      try (StatefulRedisConnection<String, String> connection = client.connect()) {
        connection.setTimeout(PATIENCE);
        RedisCommands<String, String> redis = connection.sync();
        fill(redis, entries);
        redis.configSet("slowlog-log-slower-than", Integer.toString(SLOW_MICROS));
        redis.configSet("slowlog-max-len", "1000");
        String first = redis.xrange("in", Range.unbounded(), Limit.from(1)).getFirst().getId();
        String last = redis.xrevrange("in", Range.unbounded(), Limit.from(1)).getFirst().getId();
        for (String line :
            List.of(
                "status --watch-for 0s",
                "check",
                "top",
                "top --sample 100000",
                "why " + first,
                "why " + last,
                "why c17",
                "why nobody",
                "find --trace t9999",
                "find --channel nobody",
                "find --channel nobody --in pending",
                "show " + last,
                "dlq summary",
                "dlq list",
                "seek --to-end",
                "seek --to-start")) {
          measure(redis, line, manifest);
        }
      } finally {
        client.shutdown();
      }
    } finally {
      Files.delete(manifest);
    }
  }

  private static void fill(RedisCommands<String, String> redis, int entries) {
    for (int done = 0; done < entries; done += BATCH) {
      redis.eval(
          """
          for i = 0, %d do
            redis.call('XADD', 'in', '*', 'data', '{"channel_id":"c' .. (i * %d) %% %d .. '","content":"%s"}',
              'trace_id', 't' .. i)
          end"""
              .formatted(BATCH - 1, done / BATCH + 1, CHANNELS, "x".repeat(150)),
          ScriptOutputType.STATUS);
    }
    redis.xgroupCreate(StreamOffset.from("in", "0"), "g");
    for (int done = 0; done < entries / 10; done += BATCH) {
      redis.eval(
          "redis.call('XREADGROUP', 'GROUP', 'g', 'w%d', 'COUNT', %d, 'STREAMS', 'in', '>')"
              .formatted(done / BATCH % 4, BATCH),
          ScriptOutputType.STATUS);
    }
    redis.eval(
        """
        for i = 1, %d do
          redis.call('XADD', 'dlq', '*', 'original_stream', 'in', 'original_msg_id', '1-' .. i,
            'error', 'no ' .. i, 'data', '{"channel_id":"c"}', 'reason', 'max_attempts')
        end"""
            .formatted(DEAD_LETTERS),
        ScriptOutputType.STATUS);
    System.out.printf(
        "%d entries, %d pending, %d dead letters%n",
        redis.xlen("in"), redis.xpending("in", "g").getCount(), redis.xlen("dlq"));
  }

  private static void measure(RedisCommands<String, String> redis, String line, Path manifest) {
    redis.configResetstat();
    redis.slowlogReset();
    List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
    words.addAll(List.of("-f", manifest.toString()));
    long begin = System.nanoTime();
    CommandRun run = CommandRun.of(words.toArray(String[]::new));
    long took = System.nanoTime() - begin;
    List<List<?>> slow = new ArrayList<>();
    redis.slowlogGet(1_000).forEach(it -> slow.add((List<?>) it));
    String slowest =
        slow.stream()
            .max(Comparator.comparingLong(it -> (Long) it.get(2)))
            .map(it -> "%d us: %s".formatted((Long) it.get(2), it.get(3)))
            .orElse("none");
    System.out.printf(
        "%-36s status %d, %,d ms, %s, calls above %d us: %d, slowest %s%n",
        line,
        run.status(),
        took / 1_000_000,
        calls(redis),
        SLOW_MICROS,
        slow.size(),
        slowest.length() > 120 ? slowest.substring(0, 120) : slowest);
  }

  /** How many calls the command made, and how long they took Redis together. */
  private static String calls(RedisCommands<String, String> redis) {
    long calls = 0;
    long micros = 0;
    for (String stat : redis.info("commandstats").lines().toList()) {
      if (stat.startsWith("cmdstat_") && !stat.matches("cmdstat_(config|slowlog|info).*")) {
        calls += number(stat, "calls=");
        micros += number(stat, "usec=");
      }
    }
    return "%,d calls of %,d ms together".formatted(calls, micros / 1_000);
  }

  private static long number(String stat, String name) {
    int at = stat.indexOf(name) + name.length();
    return Long.parseLong(stat.substring(at, stat.indexOf(',', at)));
  }
}
