package io.streamfleet.torture.evidence;

/**
 * A fault or another event of the fleet.
 *
 * @param worker the worker it concerns, or {@link #ALL}
 * @param from its start, in nanoseconds since the start of the run
 * @param to its end
 */
public record Incident(Kind kind, String worker, long from, long to, String what) {

  public static final String ALL = "*";

  /** Instead of a worker: the handler, which all workers call. */
  public static final String HANDLER = "the handler";

  /** The kind of event. */
  public enum Kind {
    /** SIGKILL. */
    KILLED,
    /** SIGTERM, until the process had exited. */
    TERMINATED,
    /** SIGSTOP, until SIGCONT. */
    FROZEN,
    /** Its connections to Redis were cut, stalled or slow. */
    LINK,
    /** Redis was killed or stopped. */
    REDIS,
    /** Another Redis became the master; it may lack the last writes of the previous one. */
    FAILOVER,
    /** Redis has lost a group, including its delivery counts. */
    GROUP,
    /** Redis has lost all data. */
    FORGOTTEN,
    /** An original worker was running. */
    ORIGINAL,
    /** The key of a lock had another type; only its channel was affected. */
    BAD_LOCK,
    /** The handler as a whole failed, whatever the message. */
    HANDLER,
    /** The handler closed all connections; its last answers may be lost. */
    HANDLER_DIED,
    /** SIGKILL to the operator. */
    OPERATOR,
    /** The operator could not reach the API server. */
    API,
    /** This machine delayed our own threads; workers may have been delayed as well. */
    STALLED;

    /** Whether it may affect workers. */
    public boolean concernsWorkers() {
      return this != OPERATOR && this != API && this != BAD_LOCK && this != HANDLER;
    }

    /** Whether processes did not run at all meanwhile, and so could not check their clocks. */
    public boolean isStandstill() {
      return this == FROZEN || this == STALLED;
    }
  }

  /** Whether it concerned this worker at any time within a span. */
  public boolean touches(String who, long start, long end) {
    return (worker.equals(ALL) || worker.equals(who)) && from <= end && to >= start;
  }
}
