package io.streamfleet.worker.read;

/**
 * How many entries may still be taken in hand: what bounds the worker's memory and keeps entries in
 * Redis for others. Belongs to the pipeline's loop; {@link #inHand()} may be read anywhere.
 */
public final class Credits {

  private final int most;
  private volatile int inHand;
  private int reserved;

  public Credits(int most) {
    this.most = most;
  }

  /** How many entries may be asked for now; those asked for already are set apart. */
  public int free() {
    return Math.max(0, most - inHand - reserved);
  }

  /** Sets credits apart for entries that are asked for. */
  public void reserve(int count) {
    reserved += count;
  }

  /** Ends the reservation, whatever came. */
  public void release(int count) {
    reserved -= count;
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
