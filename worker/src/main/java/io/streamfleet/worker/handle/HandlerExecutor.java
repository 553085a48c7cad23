package io.streamfleet.worker.handle;

import io.streamfleet.worker.entry.Entry;
import java.util.List;

/**
 * Runs the handler for entries. Entries of one call run one after the other; entries that must not
 * wait for each other are passed in separate calls. Each entry completes with an outcome. Belongs
 * to the pipeline's loop.
 */
public interface HandlerExecutor {

  /**
   * Sets how long ago ownership of an entry may have been confirmed when it starts, for entries
   * that are passed from now on.
   */
  void fresh(long nanos);

  /** Whether many entries may share a thread without making each other wait. */
  boolean shares();

  /** Runs entries in this order. They start at the next {@link #turn} at the latest. */
  void run(List<Entry> entries);

  /** The loop's turn ends: starts all entries that were collected. */
  void turn();
}
