package io.streamfleet.torture.field;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are under way, each on a thread of its own. The first one that cannot be carried
 * out fails the run. Asked by one thread.
 */
final class UnderWay {

  /** What a fault does. */
  interface Deed {
    void run() throws InterruptedException;
  }

  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable BrokenOff failure;

  void start(String what, Deed deed) {
    threads.add(Thread.ofVirtual().name(what).start(() -> carryOut(what, deed)));
  }

  private void carryOut(String what, Deed deed) {
    try {
      deed.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failed(new BrokenOff(what + " could not be carried out", e));
    }
  }

  private synchronized void failed(BrokenOff first) {
    if (failure == null) {
      failure = first;
    }
  }

  /**
   * Sees that all went well so far.
   *
   * @throws BrokenOff by the first fault that could not be carried out
   */
  void check() throws BrokenOff {
    BrokenOff first = failure;
    if (first != null) {
      throw first;
    }
  }

  /**
   * Waits until all are over.
   *
   * @throws BrokenOff if one could not be carried out, or is not over in time
   */
  void awaitAll(Duration patience) throws InterruptedException, BrokenOff {
    for (Thread thread : threads) {
      if (!thread.join(patience)) {
        throw new BrokenOff(thread.getName() + " is not over after " + patience);
      }
    }
    threads.clear();
    check();
  }
}
