package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.plan.HandlerTrouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Brings trouble over the handler as a whole, one at a time, and writes it down. */
final class HandlerOutage {

  /** Longer than a worker takes to fail some calls in a row, and to find out that it is back. */
  private static final Duration FLAP = Duration.ofMillis(700);

  /** As long as a process takes to come back. */
  private static final Duration GONE = Duration.ofMillis(1_500);

  /** What was under way when connections were closed comes to its end within it. */
  private static final Duration UNHEARD = Duration.ofMillis(200);

  private final Journal journal;
  private final HandlerEntrance entrance;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private volatile @Nullable HandlerTrouble trouble;

  HandlerOutage(Journal journal, HandlerEntrance entrance) {
    this.journal = journal;
    this.entrance = entrance;
  }

  /** Whether it answers 503 now. */
  boolean isBusy() {
    HandlerTrouble now = trouble;
    return now == HandlerTrouble.BUSY
        || (now == HandlerTrouble.FLAPPING && journal.now() / FLAP.toNanos() % 2 == 0);
  }

  /** Whether it gives no answer to what comes now. */
  boolean hangs() {
    return trouble == HandlerTrouble.HANGING;
  }

  /** Brings it, and returns when it is over. */
  void bring(HandlerTrouble which, Duration length) throws InterruptedException {
    oneAtATime.lockInterruptibly();
    long from = journal.now();
    trouble = which;
    try {
      switch (which) {
        case AWAY -> away(length);
        case BUSY, HANGING, FLAPPING -> TimeUnit.NANOSECONDS.sleep(length.toNanos());
        case DYING -> {
          for (int death = 0; death < HandlerTrouble.DEATHS; death++) {
            away(GONE);
            TimeUnit.NANOSECONDS.sleep(GONE.toNanos());
          }
        }
      }
    } finally {
      trouble = null;
      journal.add(Incident.Kind.HANDLER, Incident.HANDLER, from, which.toString());
      oneAtATime.unlock();
    }
  }

  private void away(Duration length) throws InterruptedException {
    long from = journal.now();
    try {
      entrance.shut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      TimeUnit.NANOSECONDS.sleep(UNHEARD.toNanos());
      journal.add(
          Incident.Kind.HANDLER_DIED,
          Incident.ALL,
          from - UNHEARD.toNanos(),
          "the handler hung up");
      TimeUnit.NANOSECONDS.sleep(length.minus(UNHEARD).toNanos());
    } finally {
      entrance.reopen();
    }
  }
}
