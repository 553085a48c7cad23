package io.streamfleet.torture.evidence;

import io.streamfleet.torture.plan.Errand;

/**
 * An entry in its stream.
 *
 * @param number of the message; two entries may carry the same one if Redis took it and the reply
 *     was lost
 * @param isCopy whether an original worker has appended it to the stream again
 * @param sent when it was sent, in nanoseconds since the start of the run
 */
public record Published(
    EntryKey entry,
    long number,
    String channel,
    boolean ordered,
    Errand errand,
    boolean isCopy,
    long sent) {

  /** An entry emitted by a handler: its time and order are unknown. */
  public static Published emitted(EntryKey entry) {
    return new Published(entry, -1, "", false, new Errand(Errand.Kind.PLAIN, 0), false, 0);
  }

  public boolean isEmitted() {
    return number < 0;
  }
}
