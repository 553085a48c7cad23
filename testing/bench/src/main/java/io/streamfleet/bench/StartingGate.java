package io.streamfleet.bench;

import io.lettuce.core.UnblockType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets the workers of a fleet begin together: they start with empty groups, and once all of them
 * block on a read, the entries become readable.
 */
final class StartingGate {

  /** Nothing is measured yet; the interval only delays the start. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  private final Lab lab;
  private final RedisCommands<String, byte[]> redis;
  private final List<Long> others;

  /** The number of entries that become readable, by stream. */
  private final Map<String, Long> unread = new LinkedHashMap<>();

  /** Closes the gate, before the first worker is started. */
  StartingGate(Lab lab, List<String> streams) {
    this.lab = lab;
    this.redis = lab.redis().sync();
    this.others = waiting();
    for (String stream : streams) {
      unread.put(stream, lab.redis().unread(stream, Lab.GROUP));
      lab.redis().skipTo(stream, Lab.GROUP, 0);
    }
  }

  /**
   * Opens the gate once this many connections wait: moves the group back to its position before.
   */
  void openFor(int readers, List<Child> children) throws IOException, InterruptedException {
    long since = System.nanoTime();
    List<Long> waiting = List.of();
    while (waiting.size() < readers) {
      Thread.sleep(POLL_INTERVAL);
      for (Child child : children) {
        child.check(since);
      }
      waiting = waiting().stream().filter(client -> !others.contains(client)).toList();
    }
    unread.forEach((stream, count) -> lab.redis().skipTo(stream, Lab.GROUP, count));
    if (unread.size() > 1) {
      // Who waits for many streams waits for an entry behind the last one.
      for (String stream : unread.keySet()) {
        lab.redis().append(stream);
      }
    }
    // A blocked read does not notice that the group was moved; a new read does.
    waiting.forEach(client -> redis.clientUnblock(client, UnblockType.TIMEOUT));
  }

  /** The clients that wait for entries of any stream. */
  private List<Long> waiting() {
    return redis
        .clientList()
        .lines()
        .filter(line -> line.matches(".* flags=\\S*b\\S* .* cmd=xread(group)? .*"))
        .map(line -> Long.valueOf(line.replaceAll("^id=(\\d+) .*$", "$1")))
        .toList();
  }
}
