package io.streamfleet.peers;

import java.util.concurrent.Semaphore;

/**
 * Virtual threads of which only so many run at once: who would start one more waits. What goes
 * wrong in one of them ends the process, so that the bench sees it.
 */
public final class Crew {

  private final Semaphore places;
  private final int size;

  public Crew(int size) {
    this.size = size;
    this.places = new Semaphore(size);
  }

  /** What is to be done with one entry. */
  public interface Task {
    void run() throws InterruptedException;
  }

  /** Starts a task when there is a place for it. */
  public void start(Task task) throws InterruptedException {
    places.acquire();
    Thread.ofVirtual()
        .start(
            () -> {
              runOrEnd(task);
              places.release();
            });
  }

  /** Waits until all tasks have ended. No more can be started. */
  public void awaitAll() {
    places.acquireUninterruptibly(size);
  }

  /** Runs a task of a thread that nobody waits for. */
  public static void runOrEnd(Task task) {
    try {
      task.run();
    } catch (Throwable e) {
      e.printStackTrace();
      // Without the hook that would wait for this very thread.
      Runtime.getRuntime().halt(1);
    }
  }
}
