package io.streamfleet.worker.handle;

import io.streamfleet.worker.entry.Entry;
import java.util.List;

/**
 * Step 7: entries meet the handler. Those that are handed over together are handled one after the
 * other; what must not wait for another is handed over apart. Each entry that was handed over is
 * heard of again, with its outcome. To be called by one thread, that of the pipeline's loop.
 */
public interface HandlerExecutor {

  /** Sets how long ago ownership may have been confirmed of what is run from now on. */
  void fresh(long nanos);

  /** Whether many entries may share a thread without making each other wait. */
  boolean shares();

  /** Runs entries in this order, at the latest from the next {@link #turn} on. */
  void run(List<Entry> entries);

  /** The loop's turn ends: nothing is to wait any longer for being run with others. */
  void turn();
}
