package io.streamfleet.worker.channel;

/** Who holds a channel's lock. */
public sealed interface Holder {

  /** Another Streamfleet consumer, which entries can be handed to. */
  record Consumer(String token, String name) implements Holder {}

  /** Something else, such as a worker of the original: one waits for it. */
  record Foreign() implements Holder {}

  /**
   * Reads a lock's value. Ours is {@code <consumer>/<uuid>}, the original's a bare UUID.
   *
   * @param self our consumer name: another pipeline of this process holds the lock for other
   *     streams, which nothing can be handed to
   */
  static Holder of(String token, String self) {
    int slash = token.lastIndexOf('/');
    if (slash <= 0 || token.substring(0, slash).equals(self)) {
      return new Foreign();
    }
    return new Consumer(token, token.substring(0, slash));
  }
}
