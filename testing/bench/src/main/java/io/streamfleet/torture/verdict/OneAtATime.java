package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Handling.Ending;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.evidence.Incident.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A channel has one handler at a time. The exception is a worker that was stopped beyond the
 * lifetime of its lock: its call could not be interrupted, and must not have settled the entry. A
 * Redis that takes over may lack a lock.
 */
final class OneAtATime implements Promise {

  private static final String PROMISE = "one handler at a time for a channel";

  /**
   * The time that the kernel and our own threads may take to see that a worker has closed a
   * connection.
   */
  private static final long DISCONNECT_DELAY = Duration.ofMillis(50).toNanos();

  @Override
  public List<Violation> broken(Evidence evidence) {
    List<Violation> broken = new ArrayList<>();
    for (List<Handling> channel : evidence.byChannel().values()) {
      List<Handling> open = new ArrayList<>();
      for (Handling next : channel) {
        open.removeIf(earlier -> endOf(evidence, earlier) <= next.began());
        for (Handling earlier : open) {
          together(evidence, earlier, next)
              .ifPresent(what -> broken.add(new Violation(PROMISE, earlier.entry(), what)));
        }
        open.add(next);
      }
    }
    return broken;
  }

  /** A dead worker's call is over, whenever its connection was seen to be closed. */
  private static long endOf(Evidence evidence, Handling handling) {
    long end =
        handling.ending() == Ending.HUNG_UP
            ? handling.ended() - DISCONNECT_DELAY
            : handling.ended();
    for (Incident it : evidence.incidents()) {
      // Another process may have had the same name before and afterwards.
      if (it.kind() == Kind.KILLED
          && it.worker().equals(handling.worker())
          && it.to() >= handling.began()) {
        end = Math.min(end, it.to());
      }
    }
    return end;
  }

  private static Optional<String> together(Evidence evidence, Handling earlier, Handling next) {
    if (evidence.lostLocks(earlier.began(), next.began())) {
      // The new master may lack the lock; its holder learns that at its next renewal.
      return Optional.empty();
    }
    String both =
        "was with %s for %.3f s when %s began with %s in the channel %s"
            .formatted(
                earlier.worker(),
                (next.began() - earlier.began()) / 1e9,
                next.worker(),
                next.entry().id(),
                next.channel());
    boolean slept = stoodStill(evidence, earlier, next.began());
    if (!slept && !evidence.woke(next)) {
      return Optional.of(both);
    }
    return evidence.counted(slept ? earlier : next)
        ? Optional.of(both + "; it had stood still beyond its lock, and yet its call counted")
        : Optional.empty();
  }

  /** Whether a worker's lock may have expired while it could not act. */
  private static boolean stoodStill(Evidence evidence, Handling handling, long until) {
    return evidence.incidents().stream()
        .filter(it -> it.touches(handling.worker(), handling.began(), until))
        .anyMatch(
            it ->
                switch (it.kind()) {
                  // The lock was renewed at most a third of its lifetime before.
                  case FROZEN -> it.to() - it.from() > evidence.rules().lockTtl() / 2;
                  case STALLED -> true;
                  case KILLED,
                      TERMINATED,
                      LINK,
                      REDIS,
                      FAILOVER,
                      GROUP,
                      FORGOTTEN,
                      BAD_LOCK,
                      ORIGINAL,
                      HANDLER,
                      HANDLER_DIED,
                      OPERATOR,
                      API ->
                      false;
                });
  }
}
