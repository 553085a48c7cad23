package io.streamfleet.handler;

/**
 * Handles one message at a time per channel, many at once across channels.
 *
 * <p>A class of this type on the class path is named in {@code handler.class} of a manifest, by its
 * class name or by the {@link #name()} of a {@link java.util.ServiceLoader} provider. It needs a
 * public constructor without parameters. One instance serves a whole direction of a worker, so it
 * must be safe for use by many threads.
 *
 * <p>Delivery is at least once: the same entry may be handled again after a crash. {@link
 * Message#stream} and {@link Message#id} together are the key by which a handler knows it again;
 * the id alone is not, for two streams may have the same. A dead letter that is replayed comes with
 * a new id: only its payload tells that it was here before.
 */
public interface MessageHandler extends AutoCloseable {

  /**
   * Handles one message, on a virtual thread of its own, and may block.
   *
   * <p>The thread is interrupted when the entry is cancelled, when its channel's lock or the entry
   * itself was lost to another consumer, and when the worker's grace period ends.
   *
   * @return what to emit; {@link Handled#nothing()} for most
   * @throws PermanentFailure when trying again cannot help: the entry goes to the dead letters
   * @throws TransientFailure when it may, after a wait that the handler knows of
   * @throws Exception anything else is tried again with exponential back-off
   */
  Handled handle(Message message) throws Exception;

  /** Called once, before the first message, with {@code handler.options} of the manifest. */
  default void start(HandlerContext context) throws Exception {}

  /** The name by which a manifest may refer to this provider; the class name unless overridden. */
  default String name() {
    return getClass().getName();
  }

  /**
   * Whether {@link #handle} may wait for anything. One that never does is called for many entries
   * in a row on one thread, which costs less than a thread for each.
   */
  default boolean blocking() {
    return true;
  }

  /** Called once, after the last message. */
  @Override
  default void close() throws Exception {}
}
