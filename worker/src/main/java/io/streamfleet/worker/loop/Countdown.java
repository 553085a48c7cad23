package io.streamfleet.worker.loop;

/**
 * Runs a task once, when it has been run itself a given number of times, such as when the last of
 * several replies has arrived. Belongs to the pipeline's loop.
 */
public final class Countdown implements Runnable {

  private int left;
  private final Runnable then;

  /**
   * @param times how often it must be run; with 0 the task never runs
   */
  public Countdown(int times, Runnable then) {
    this.left = times;
    this.then = then;
  }

  @Override
  public void run() {
    if (--left == 0) {
      then.run();
    }
  }
}
