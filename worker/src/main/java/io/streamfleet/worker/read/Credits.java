package io.streamfleet.worker.read;

/**
 * How many entries may still be taken in hand: what bounds the worker's memory and keeps entries in
 * Redis for others. Belongs to the pipeline's loop; {@link #inHand()} may be read anywhere.
 */
public final class Credits {

  private final int most;
  private volatile int inHand;
  private int reading;
  private int fetching;

  public Credits(int most) {
    this.most = most;
  }

  /** How many new entries may be asked for now; what was asked for already is set apart. */
  public int forReading() {
    return Math.max(0, most - inHand - reading - fetching);
  }

  /**
   * How many entries that are pending already may be brought in now. What a read that waits for new
   * ones has set apart does not count: on an idle stream it would keep the old ones out for ever.
   * So up to one read more than the bound may be in hand.
   */
  public int forPending() {
    return Math.max(0, most - inHand - fetching);
  }

  /** Sets credits apart for a read. */
  public void reading(int count) {
    reading += count;
  }

  /** A read is over, whatever it brought. */
  public void read(int count) {
    reading -= count;
  }

  /** Sets credits apart for entries that are pending already. */
  public void fetching(int count) {
    fetching += count;
  }

  /** They are here, or will not come. */
  public void fetched(int count) {
    fetching -= count;
  }

  /** The bound, for who shares it out. */
  public int most() {
    return most;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  public void taken(int count) {
    inHand += count;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  public void gone(int count) {
    inHand -= count;
  }

  public int inHand() {
    return inHand;
  }
}
