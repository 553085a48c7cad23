package io.streamfleet.torture.testbed;

import io.streamfleet.embedded.FaultyLink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Keeps a fleet's workers alive: the wanted number, each with a unique name, each replaced when it
 * is gone. Implemented by local processes, and by an operator with its Deployment. Thread-safe.
 */
public interface Workers extends AutoCloseable {

  /** Sets the number of workers; returns before they are running. */
  void scale(int workers);

  /** Those that were not asked to exit, in the order of their start. */
  List<String> living();

  /** Those of them that consume. */
  List<String> consuming();

  /** Waits until the wanted number consumes; false on timeout. */
  boolean awaitReady(Duration timeout) throws InterruptedException;

  /**
   * SIGKILL.
   *
   * @param helped whether its entries in flight are handed over at once
   * @return whether it was still running
   */
  boolean kill(String worker, boolean helped);

  /** SIGTERM; returns whether it was still running. */
  boolean terminate(String worker);

  /** SIGSTOP; returns whether it was still running. */
  boolean freeze(String worker);

  /** SIGCONT. */
  void thaw(String worker);

  /** The link of a worker, if it has its own and is still running. */
  Optional<FaultyLink> link(String worker);

  /** Whether every consuming worker is connected to Redis again, as far as is visible. */
  boolean allConnected();

  /**
   * Replaces all workers by others with another configuration, as a Deployment rolls.
   *
   * @throws IllegalStateException on timeout
   */
  void roll(Duration timeout) throws InterruptedException;

  /**
   * Scales to zero, and waits until all workers have exited and dead ones are cleaned up.
   *
   * @param namesAreGone whether no name of a worker is left in Redis
   * @return false on timeout
   */
  boolean end(BooleanSupplier namesAreGone, Duration timeout) throws InterruptedException;

  /** Kills the remaining processes. */
  @Override
  void close();
}
