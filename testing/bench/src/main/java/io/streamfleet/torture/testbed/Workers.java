package io.streamfleet.torture.testbed;

import io.streamfleet.embedded.FaultyLink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What keeps a fleet's workers alive: as many as are wanted, each under a name of its own, each
 * replaced when it is gone. The seam for whoever does that: processes that are started here, or an
 * operator and its Deployment. Safe for many threads.
 */
public interface Workers extends AutoCloseable {

  /** How many there are to be; returns before they are. */
  void scale(int workers);

  /** Those that are not asked to end, in the order of their start. */
  List<String> living();

  /** Those of them that consume. */
  List<String> consuming();

  /** Waits until as many as are wanted consume; false if that does not come about. */
  boolean awaitReady(Duration patience) throws InterruptedException;

  /**
   * SIGKILL.
   *
   * @param helped whether somebody hands over at once what it had in flight
   * @return whether it was still there
   */
  boolean kill(String worker, boolean helped);

  /** SIGTERM; whether it was still there. */
  boolean terminate(String worker);

  /** SIGSTOP; whether it was still there. */
  boolean freeze(String worker);

  /** SIGCONT. */
  void thaw(String worker);

  /** The network of a worker, if it has one of its own and is still there. */
  Optional<FaultyLink> link(String worker);

  /** Whether every worker that consumes has got through to Redis again, as far as that is seen. */
  boolean allConnected();

  /**
   * Replaces all by others with another configuration, as a Deployment rolls.
   *
   * @throws IllegalStateException if that does not come about in time
   */
  void roll(Duration patience) throws InterruptedException;

  /**
   * Scales to none, and waits until all are gone and those that died are seen to.
   *
   * @param namesAreGone whether no name of a worker is left in Redis
   * @return whether that came about in time
   */
  boolean end(BooleanSupplier namesAreGone, Duration patience) throws InterruptedException;

  /** Kills what is left. */
  @Override
  void close();
}
