package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.settle.Acknowledger;
import java.util.IdentityHashMap;

/** The acknowledgers of a pipeline, one for each stream. Belongs to the pipeline's loop. */
final class Acknowledgers {

  /** By identity: there is one object for each stream, and every entry asks. */
  private final IdentityHashMap<StreamConsumer, Acknowledger> byStream = new IdentityHashMap<>();

  void add(StreamConsumer stream, Acknowledger acknowledger) {
    byStream.put(stream, acknowledger);
  }

  Acknowledger of(StreamConsumer stream) {
    Acknowledger acknowledger = byStream.get(stream);
    if (acknowledger == null) {
      throw new IllegalStateException("nothing acknowledges entries of " + stream.stream());
    }
    return acknowledger;
  }

  /** Whether none has anything left to acknowledge, but for calls that are on their way. */
  boolean idle() {
    return byStream.values().stream().allMatch(acknowledger -> acknowledger.waiting() == 0);
  }

  void turn(boolean nothingRuns) {
    byStream.values().forEach(acknowledger -> acknowledger.turn(nothingRuns));
  }
}
