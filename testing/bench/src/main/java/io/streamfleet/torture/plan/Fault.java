package io.streamfleet.torture.plan;

import java.time.Duration;

/**
 * One thing that is done to the fleet. A {@code victim} is a number out of the seed: which of the
 * workers it means depends on how many there are.
 */
public sealed interface Fault {

  /**
   * SIGKILL to a worker; another one replaces it.
   *
   * @param helped whether what it had in flight is handed over at once, as an operator does, or is
   *     left to the sweeps of the others
   */
  record Kill(int victim, boolean helped) implements Fault {}

  /** SIGTERM to a worker; another one replaces it. */
  record Terminate(int victim) implements Fault {}

  /** SIGSTOP to a worker, and SIGCONT when others have taken over long since. */
  record Freeze(int victim, Duration length) implements Fault {}

  /** A worker's connections are closed, and new ones as well. */
  record CutLink(int victim, Duration length) implements Fault {}

  /** A worker's connections deliver nothing, and then all of it. */
  record StallLink(int victim, Duration length) implements Fault {}

  /** Redis does what a worker asks, and its answers are lost with the connection. */
  record LoseReplies(int victim, Duration length) implements Fault {}

  /** A worker's connections are slow. */
  record SlowLink(int victim, Duration delay, Duration length) implements Fault {}

  /** SIGKILL to Redis, which comes back with its append-only file. */
  record KillRedis(Duration length) implements Fault {}

  /** SIGSTOP to Redis, and SIGCONT. */
  record PauseRedis(Duration length) implements Fault {}

  /** SIGKILL to the master; Sentinel promotes the replica. */
  record Failover() implements Fault {}

  /**
   * A worker of the original kind works beside ours for a while.
   *
   * @param killed whether it is killed then, or told to end
   */
  record Beside(Duration length, boolean killed) implements Fault {}

  /** A message that kills each worker that has it handled. A {@code victim} is a channel here. */
  record FatalMessage(int victim) implements Fault {}

  /** Another number of workers. */
  record Scale(int workers) implements Fault {}

  /** Every worker is replaced by one with another configuration, one after the other. */
  record Roll() implements Fault {}

  /** SIGKILL to the operator, which comes back. */
  record KillOperator() implements Fault {}

  /** The operator cannot reach the API server for a while. */
  record CutApi(Duration length) implements Fault {}

  /**
   * The group of a stream is destroyed, with all that was pending in it.
   *
   * @param outbound which of the two streams
   */
  record LoseGroup(boolean outbound) implements Fault {}

  /** The inbound stream is deleted; what is published then has lower ids. */
  record LoseStream() implements Fault {}

  /** FLUSHALL. */
  record Flush() implements Fault {}

  /** Redis refuses writes, as one does that lacks its replicas. */
  record RefuseWrites(Duration length) implements Fault {}

  /** The key of a channel's lock is of another type. */
  record BadLock() implements Fault {}

  /**
   * Large messages, all at once.
   *
   * @param kind whether they are too large for a worker
   */
  record Large(Errand.Kind kind, int messages, int bytes) implements Fault {}

  /** Who uses another database cancels what is under way in ours, by the same ids. */
  record CancelElsewhere() implements Fault {}

  /** Entries wait for the time that the handler has named, and all workers are replaced. */
  record RollWaiting() implements Fault {}

  /** One of the streams that messages are emitted to takes nothing for a while. */
  record RefuseStream(Duration length) implements Fault {}

  /** A worker works beside the others whose log is a full pipe, and is told to end. */
  record Unread() implements Fault {}

  /** A worker of the same name as one of the fleet reads another stream in the same channels. */
  record Namesake(int victim) implements Fault {}

  /** A worker with a Java handler works beside the others for a while, and is told to end. */
  record InJava() implements Fault {}

  /**
   * No fault but the handler's: one worker, alone, with so many messages that it must handle in
   * order.
   */
  record Solo(int messages) implements Fault {}
}
