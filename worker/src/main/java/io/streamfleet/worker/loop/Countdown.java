package io.streamfleet.worker.loop;

/**
 * Runs something once when it has been run itself a number of times: when the last of several
 * answers is there. Belongs to the pipeline's loop.
 */
public final class Countdown implements Runnable {

  private int left;
  private final Runnable then;

  /**
   * @param times how often it is run; nothing ever comes of none
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
