package io.streamfleet.worker.partition;

/**
 * How many calls of a kind Redis counted under a grant, as far as is known here.
 *
 * @param isUnderWay whether one more is on its way, or its answer is
 */
public record CallCount(long taken, boolean isUnderWay) {

  /** Where nothing was called yet. */
  public static final CallCount NONE = new CallCount(0, false);

  /**
   * Whether Redis may have counted so many between this look and a later one: it answers about a
   * moment between the two, on another connection than that of the calls.
   */
  boolean allows(CallCount later, long counted) {
    return counted >= taken && counted <= later.taken + (later.isUnderWay ? 1 : 0);
  }
}
