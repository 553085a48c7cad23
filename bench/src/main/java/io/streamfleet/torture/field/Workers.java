package io.streamfleet.torture.field;

import java.time.Duration;
import java.util.List;

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

  /** Waits until as many as are wanted consume; false if that does not come about. */
  boolean awaitReady(Duration patience) throws InterruptedException;

  /**
   * SIGKILL.
   *
   * @param helped whether somebody hands over at once what it had in hand
   */
  void kill(String worker, boolean helped);

  /** SIGTERM. */
  void terminate(String worker);

  /** SIGSTOP. */
  void freeze(String worker);

  /** SIGCONT. */
  void thaw(String worker);

  /** New workers have this configuration: the number of entries that they read at once. */
  void configure(int batchSize);

  /** Scales to none, and waits until all are gone with nothing left to see to. */
  boolean end(Duration patience) throws InterruptedException;

  /** Kills what is left. */
  @Override
  void close();
}
