package io.streamfleet.worker.entry;

/**
 * What a handler's thread asks before it starts the next entry of a channel. Written by the loop,
 * read by handlers' threads, so implementations are safe for that.
 */
public interface Lease {

  /** For entries that need no lock. */
  Lease UNBOUND =
      new Lease() {
        @Override
        public boolean allows(long now) {
          return true;
        }

        @Override
        public void halt() {}

        @Override
        public boolean keepsOrder() {
          return false;
        }
      };

  /** Whether the next entry may start now, in the loop's nanoseconds. */
  boolean allows(long now);

  /** An entry did not succeed: what comes after it in the channel must wait. */
  void halt();

  /** Whether entries under it are handled one after the other. */
  boolean keepsOrder();
}
