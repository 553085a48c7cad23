package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;

/** Whether entries may meet the handler. Belongs to the pipeline's loop. */
public interface Gate {

  /** Always open. */
  Gate OPEN =
      new Gate() {
        @Override
        public boolean isShut() {
          return false;
        }

        @Override
        public boolean probe(Entry entry) {
          throw new IllegalStateException("nothing is to be probed");
        }
      };

  /** Whether nothing may be begun but the probe that was asked for. */
  boolean isShut();

  /**
   * Whether an entry that was asked for as the probe is to meet the handler now, by itself; false
   * when it is too late for that.
   */
  boolean probe(Entry entry);
}
