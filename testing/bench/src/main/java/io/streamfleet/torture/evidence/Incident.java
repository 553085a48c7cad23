package io.streamfleet.torture.evidence;

/**
 * Something that was done to the fleet, or happened to it.
 *
 * @param worker to whom; {@link #ALL} for everybody
 * @param from when it began, in nanoseconds since the run began
 * @param to when it was over
 */
public record Incident(Kind kind, String worker, long from, long to, String what) {

  public static final String ALL = "*";

  /** What was done. */
  public enum Kind {
    /** SIGKILL. */
    KILLED,
    /** SIGTERM, until the process had ended. */
    TERMINATED,
    /** SIGSTOP, until SIGCONT. */
    FROZEN,
    /** Its connections to Redis were cut, held up or slow. */
    LINK,
    /** Redis was killed or stood still. */
    REDIS,
    /** Another Redis became the master: it may have forgotten what the last one took in. */
    FAILOVER,
    /** Redis has lost a group, and who has had how many deliveries with it. */
    GROUP,
    /** Redis has lost all that it had. */
    FORGOTTEN,
    /** A worker of the original kind was there. */
    ORIGINAL,
    /** The key of a lock was of another type; all but its channel goes on. */
    BAD_LOCK,
    /** SIGKILL to the operator. */
    OPERATOR,
    /** The operator could not reach the API server. */
    API,
    /** This machine let our own threads wait; workers may have stood still as well. */
    STALLED;

    /** Whether it may cost workers anything. */
    public boolean concernsWorkers() {
      return this != OPERATOR && this != API && this != BAD_LOCK;
    }

    /** Whether processes did nothing meanwhile, not even look at their clocks. */
    public boolean isStandstill() {
      return this == FROZEN || this == STALLED;
    }
  }

  /** Whether it concerned this worker at any time of a span. */
  public boolean touches(String who, long start, long end) {
    return (worker.equals(ALL) || worker.equals(who)) && from <= end && to >= start;
  }
}
