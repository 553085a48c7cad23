package io.streamfleet.worker.entry;

/**
 * The permission to start entries of a channel, which a handler's thread checks before each entry.
 * Written by the loop and read by handlers' threads, so implementations must be thread-safe.
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

  /**
   * Whether the next entry may start.
   *
   * @param now the current time in the loop's nanoseconds
   */
  boolean allows(long now);

  /** An entry did not succeed: the entries after it in the channel must not start. */
  void halt();

  /** Whether entries with this permission are handled one after the other. */
  boolean keepsOrder();
}
