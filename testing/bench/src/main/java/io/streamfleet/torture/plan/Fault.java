package io.streamfleet.torture.plan;

import java.time.Duration;

/**
 * One fault. A {@code victim} is a number from the seed: which worker it selects depends on how
 * many there are.
 */
public sealed interface Fault {

  /**
   * SIGKILL to a worker, which is replaced.
   *
   * @param helped whether its entries in flight are handed over at once, as by an operator, or left
   *     to the sweeps of other workers
   */
  record Kill(int victim, boolean helped) implements Fault {}

  /** SIGTERM to a worker, which is replaced. */
  record Terminate(int victim) implements Fault {}

  /** SIGSTOP to a worker, and SIGCONT long after others have taken over. */
  record Freeze(int victim, Duration length) implements Fault {}

  /** A worker's connections are closed, and new ones as well. */
  record CutLink(int victim, Duration length) implements Fault {}

  /** A worker's connections deliver nothing for a while, then everything. */
  record StallLink(int victim, Duration length) implements Fault {}

  /** Redis executes a worker's commands, and its replies are lost with the connection. */
  record LoseReplies(int victim, Duration length) implements Fault {}

  /** A worker's connections are slow. */
  record SlowLink(int victim, Duration delay, Duration length) implements Fault {}

  /** SIGKILL to Redis, which restarts from its append-only file. */
  record KillRedis(Duration length) implements Fault {}

  /** SIGSTOP to Redis, and SIGCONT. */
  record PauseRedis(Duration length) implements Fault {}

  /** SIGKILL to the master; Sentinel promotes the replica. */
  record Failover() implements Fault {}

  /**
   * An original worker runs beside ours for a while.
   *
   * @param killed whether it is killed at the end, or terminated
   */
  record Beside(Duration length, boolean killed) implements Fault {}

  /** A message that kills each worker that handles it. Here {@code victim} is a channel. */
  record FatalMessage(int victim) implements Fault {}

  /** Another number of workers. */
  record Scale(int workers) implements Fault {}

  /** Every worker is replaced by one with another configuration, one after the other. */
  record Roll() implements Fault {}

  /** SIGKILL to the operator, which restarts. */
  record KillOperator() implements Fault {}

  /** The operator cannot reach the API server for a while. */
  record CutApi(Duration length) implements Fault {}

  /**
   * The group of a stream is destroyed, including its pending entries.
   *
   * @param outbound which of the two streams
   */
  record LoseGroup(boolean outbound) implements Fault {}

  /** The inbound stream is deleted; entries published afterwards have lower ids. */
  record LoseStream() implements Fault {}

  /** FLUSHALL. */
  record Flush() implements Fault {}

  /** Redis refuses writes, as a master without its replicas does. */
  record RefuseWrites(Duration length) implements Fault {}

  /** The key of a channel's lock has another type. */
  record BadLock() implements Fault {}

  /**
   * Large messages, all at once.
   *
   * @param kind whether they exceed a worker's size limit
   */
  record Large(Errand.Kind kind, int messages, int bytes) implements Fault {}

  /** A user of another database cancels entries with the ids of entries in flight in ours. */
  record CancelElsewhere() implements Fault {}

  /** Entries wait for the retry time that the handler has set, and all workers are replaced. */
  record RollWaiting() implements Fault {}

  /** One of the streams that messages are emitted to rejects entries for a while. */
  record RefuseStream(Duration length) implements Fault {}

  /** A worker whose log is a full pipe runs beside the others and is terminated. */
  record Unread() implements Fault {}

  /** A worker with the name of one of the fleet reads another stream with the same channels. */
  record Namesake(int victim) implements Fault {}

  /** A worker with a Java handler runs beside the others for a while and is terminated. */
  record InJava() implements Fault {}

  /** The handler as a whole is in trouble, for all workers. */
  record HandlerDown(HandlerTrouble trouble, Duration length) implements Fault {}

  /**
   * No fault except the handler's: a single worker with this many messages, which it must handle in
   * order.
   */
  record Solo(int messages) implements Fault {}
}
