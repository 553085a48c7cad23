package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;

/** Whether entries may be passed to the handler. Belongs to the pipeline's loop. */
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
          throw new IllegalStateException("an open gate needs no probe");
        }
      };

  /** Whether only a requested probe may start. */
  boolean isShut();

  /**
   * Confirms that an entry, which was requested as the probe, starts now.
   *
   * @return false if the probe is not wanted any more
   */
  boolean probe(Entry entry);
}
