package io.streamfleet.torture.evidence;

/**
 * One call of the handler, as the handler's side of the connection saw it.
 *
 * @param worker who called
 * @param channel the entry's channel
 * @param ordered whether the entry keeps its turn in its channel
 * @param attempt what the worker said
 * @param began when the request was there, in nanoseconds since the run began
 * @param ended when the answer was written, or the worker was seen to be gone
 * @param ending how it ended
 * @param of for an emitted entry the id of the inbound entry that it came of, else empty
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
    /** Answered: try again. */
    FAILED,
    /** Answered: never again. */
    REFUSED,
    /** The handler closed the connection without an answer. */
    DROPPED,
    /** The worker closed the connection before there was an answer. */
    HUNG_UP;

    /** Whether the handler itself failed, so that the worker tries again. */
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

  /** The same, ended at a time at the latest. */
  public Handling endedBy(long time) {
    return time < ended
        ? new Handling(entry, worker, channel, ordered, attempt, began, time, ending, of)
        : this;
  }
}
