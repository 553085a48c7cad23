package io.streamfleet.torture.evidence;

/**
 * One handler call, as seen by the handler.
 *
 * @param worker the caller
 * @param channel the entry's channel
 * @param ordered whether the entry is ordered within its channel
 * @param attempt the attempt that the worker sent
 * @param began when the request was received, in nanoseconds since the start of the run
 * @param ended when the answer was written, or the worker was seen to be gone
 * @param ending how the call ended
 * @param of for an emitted entry the id of its inbound entry, else empty
 */
public record Handling(
    EntryKey entry,
    String worker,
    String channel,
    boolean ordered,
    int attempt,
    long began,
    long ended,
    Ending ending,
    String of) {

  /** How a call ended. */
  public enum Ending {
    /** Answered: done. */
    DONE,
    /** Answered: retry. */
    FAILED,
    /** Answered: rejected for good. */
    REFUSED,
    /** The handler closed the connection without an answer. */
    DROPPED,
    /** The worker closed the connection before there was an answer. */
    HUNG_UP;

    /** Whether the handler itself failed, so that the worker retries. */
    public boolean isFailure() {
      return this == FAILED || this == DROPPED;
    }
  }

  public boolean isDone() {
    return ending == Ending.DONE;
  }

  public long nanos() {
    return ended - began;
  }

  /** The same call with its end limited to a time. */
  public Handling endedBy(long time) {
    return time < ended
        ? new Handling(entry, worker, channel, ordered, attempt, began, time, ending, of)
        : this;
  }
}
