package io.streamfleet.torture.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The running faults, each on its own thread. The first one that cannot be executed fails the run.
 * Called by one thread.
 */
final class FaultsUnderWay {

  /** The body of a fault. */
  interface Deed {
    void run() throws InterruptedException;
  }

  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable RunAborted failure;

  void start(String what, Deed deed) {
    threads.add(Thread.ofVirtual().name(what).start(() -> carryOut(what, deed)));
  }

  private void carryOut(String what, Deed deed) {
    try {
      deed.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failed(new RunAborted(what + " could not be carried out", e));
    }
  }

  private synchronized void failed(RunAborted first) {
    if (failure == null) {
      failure = first;
    }
  }

  /**
   * Checks for failures so far.
   *
   * @throws RunAborted with the first fault that could not be executed
   */
  void check() throws RunAborted {
    RunAborted first = failure;
    if (first != null) {
      throw first;
    }
  }

  /**
   * Waits until all faults are over.
   *
   * @param timeout for the next fault to end: some wait for each other, so all of them together may
   *     take many times as long
   * @throws RunAborted if one could not be executed, or none ends in time
   */
  void awaitAll(Duration timeout) throws InterruptedException, RunAborted {
    int open = threads.size();
    long since = System.nanoTime();
    while (open > 0) {
      check();
      TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
      threads.removeIf(thread -> !thread.isAlive());
      if (threads.size() < open) {
        open = threads.size();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > timeout.toNanos()) {
        throw new RunAborted(threads.getFirst().getName() + " is not over after " + timeout);
      }
    }
    check();
  }
}
