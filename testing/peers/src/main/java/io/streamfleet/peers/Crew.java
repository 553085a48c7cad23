package io.streamfleet.peers;

import java.util.concurrent.Semaphore;

/**
 * Virtual threads with a limit on how many run at once: starting one more waits. A failure in one
 * of them ends the process, so that the bench notices it.
 */
public final class Crew {

  private final Semaphore places;
  private final int size;

  public Crew(int size) {
    this.size = size;
    this.places = new Semaphore(size);
  }

  /** The handling of one entry. */
  public interface Task {
    void run() throws InterruptedException;
  }

  /** Starts a task when the limit allows. */
  public void start(Task task) throws InterruptedException {
    places.acquire();
    Thread.ofVirtual()
        .start(
            () -> {
              runOrEnd(task);
              places.release();
            });
  }

  /** Waits until all tasks have ended. No more can be started afterwards. */
  public void awaitAll() {
    places.acquireUninterruptibly(size);
  }

  /** Runs a task on a thread that nothing waits for. */
  public static void runOrEnd(Task task) {
    try {
      task.run();
    } catch (Throwable e) {
      e.printStackTrace();
      // Skips the shutdown hook, which would wait for this thread.
      Runtime.getRuntime().halt(1);
    }
  }
}
