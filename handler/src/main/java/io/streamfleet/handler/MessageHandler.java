package io.streamfleet.handler;

/**
 * Handles one message at a time for each channel, many at once across channels.
 *
 * <p>A manifest names a class of this type in {@code handler.class}, by its class name or by the
 * {@link #name()} of a {@link java.util.ServiceLoader} provider. It needs a public constructor
 * without parameters. One instance serves a whole direction of a worker, so it must be thread-safe.
 *
 * <p>Delivery is at least once: an entry may be handled again after a crash. {@link Message#stream}
 * and {@link Message#id} together are the key to recognize it; the id alone is not, because two
 * streams may have the same. A replayed dead letter has a new id: only its payload is the same.
 */
public interface MessageHandler extends AutoCloseable {

  /**
   * Handles one message, on a virtual thread of its own, and may block.
   *
   * <p>The thread is interrupted when the entry is cancelled, when the lock of its channel or the
   * entry itself was lost to another consumer, and when the worker's grace period ends.
   *
   * @return what to emit; {@link Handled#nothing()} for most
   * @throws PermanentFailure when another attempt can't help: the entry becomes a dead letter
   * @throws TransientFailure when another attempt may help, after a wait that the handler may know
   * @throws Exception any other exception is retried with exponential back-off
   */
  Handled handle(Message message) throws Exception;

  /** Called once, before the first message, with {@code handler.options} of the manifest. */
  default void start(HandlerContext context) throws Exception {}

  /** The name for {@code handler.class}; the class name unless overridden. */
  default String name() {
    return getClass().getName();
  }

  /**
   * Whether {@link #handle} may block. If it never does, it is called for many entries in a row on
   * one thread, which costs less than a thread for each.
   */
  default boolean blocking() {
    return true;
  }

  /** Called once, after the last message. */
  @Override
  default void close() throws Exception {}
}
