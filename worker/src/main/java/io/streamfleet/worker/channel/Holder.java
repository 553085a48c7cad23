package io.streamfleet.worker.channel;

/** The holder of a channel's lock. */
public sealed interface Holder {

  /** Another Streamfleet consumer, to which entries can be handed over. */
  record Consumer(String token, String name) implements Holder {}

  /** A holder that takes no hand-overs, such as a worker of the Python original. */
  record Foreign() implements Holder {}

  /**
   * Parses a lock's value: {@code <consumer>/<uuid>} of Streamfleet, a bare UUID of the original.
   *
   * @param self this worker's consumer name: a lock with this name belongs to another pipeline of
   *     the process, which reads other streams and can take no hand-overs
   */
  static Holder of(String token, String self) {
    int slash = token.lastIndexOf('/');
    if (slash <= 0 || token.substring(0, slash).equals(self)) {
      return new Foreign();
    }
    return new Consumer(token, token.substring(0, slash));
  }
}
