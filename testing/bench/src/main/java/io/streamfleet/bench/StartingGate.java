package io.streamfleet.bench;

import io.lettuce.core.UnblockType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Lets the workers of a fleet begin together: they start where there is nothing to read, and when
 * all of them wait for something, there is.
 */
final class StartingGate {

  /** Nothing is measured yet; it only costs the time until the next look. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  private final Lab lab;
  private final String stream;
  private final RedisCommands<String, byte[]> redis;
  private final List<Long> others;

  /** What is read then. */
  private final long unread;

  /** Shuts it, before the first worker is started. */
  StartingGate(Lab lab, String stream) {
    this.lab = lab;
    this.stream = stream;
    this.redis = lab.redis().sync();
    this.others = waiting();
    this.unread = lab.redis().unread(stream, Lab.GROUP);
    lab.redis().skipTo(stream, Lab.GROUP, 0);
  }

  /** Opens it when so many connections wait: the group is where it was before it was shut. */
  void openFor(int readers, List<Child> children) throws IOException, InterruptedException {
    long since = System.nanoTime();
    List<Long> waiting = List.of();
    while (waiting.size() < readers) {
      Thread.sleep(LOOK_EVERY);
      for (Child child : children) {
        child.check(since);
      }
      waiting = waiting().stream().filter(client -> !others.contains(client)).toList();
    }
    lab.redis().skipTo(stream, Lab.GROUP, unread);
    // Who waits does not see that the group was moved; who asks again does.
    waiting.forEach(client -> redis.clientUnblock(client, UnblockType.TIMEOUT));
  }

  /** The clients that wait for entries of any stream. */
  private List<Long> waiting() {
    return redis
        .clientList()
        .lines()
        .filter(line -> line.matches(".* flags=\\S*b\\S* .* cmd=xreadgroup .*"))
        .map(line -> Long.valueOf(line.replaceAll("^id=(\\d+) .*$", "$1")))
        .toList();
  }
}
