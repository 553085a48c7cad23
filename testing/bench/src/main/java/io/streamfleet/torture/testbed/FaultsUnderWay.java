package io.streamfleet.torture.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are under way, each on a thread of its own. The first one that cannot be carried
 * out fails the run. Asked by one thread.
 */
final class FaultsUnderWay {

  /** What a fault does. */
  interface Deed {
    void run() throws InterruptedException;
  }

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

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
   * Sees that all went well so far.
   *
   * @throws RunAborted by the first fault that could not be carried out
   */
  void check() throws RunAborted {
    RunAborted first = failure;
    if (first != null) {
      throw first;
    }
  }

  /**
   * Waits until all are over.
   *
   * @param patience how long to wait for the next one that is over: some wait for each other, so
   *     all of them together may take many times as long
   * @throws RunAborted if one could not be carried out, or none is over in time
   */
  void awaitAll(Duration patience) throws InterruptedException, RunAborted {
    int open = threads.size();
    long since = System.nanoTime();
    while (open > 0) {
      check();
      TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
      threads.removeIf(thread -> !thread.isAlive());
      if (threads.size() < open) {
        open = threads.size();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > patience.toNanos()) {
        throw new RunAborted(threads.getFirst().getName() + " is not over after " + patience);
      }
    }
    check();
  }
}
