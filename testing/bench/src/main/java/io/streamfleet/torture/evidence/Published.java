package io.streamfleet.torture.evidence;

import io.streamfleet.torture.plan.Errand;

/**
 * An entry that is in its stream.
 *
 * @param number of the message; two entries may carry the same one, where Redis took it and its
 *     answer was lost
 * @param isCopy whether a worker of the original kind has put it at the end of the stream again
 * @param sent when it was sent, in nanoseconds since the run began
 */
public record Published(
    EntryKey entry,
    long number,
    String channel,
    boolean ordered,
    Errand errand,
    boolean isCopy,
    long sent) {

  /** One that a handler has emitted: nobody knows when, nor in which order. */
  public static Published emitted(EntryKey entry) {
    return new Published(entry, -1, "", false, new Errand(Errand.Kind.PLAIN, 0), false, 0);
  }

  public boolean isEmitted() {
    return number < 0;
  }
}
