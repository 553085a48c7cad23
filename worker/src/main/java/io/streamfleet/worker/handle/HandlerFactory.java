package io.streamfleet.worker.handle;

import io.streamfleet.api.HandlerSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.MessageHandler;

/** Creates and starts handlers. */
public interface HandlerFactory {

  /**
   * The handler of the inbound streams.
   *
   * @throws UnusableHandler if the handler of the manifest cannot be used
   */
  MessageHandler inbound(HandlerSpec spec) throws UnusableHandler, InterruptedException;

  /** Applies the live fields of changed settings to the handlers created so far. Thread-safe. */
  default void change(StreamConsumerGroupSpec settings) {}

  /** The handler of the outbound stream of a platform. Throws as {@link #inbound} does. */
  MessageHandler outbound(HandlerSpec spec, String platform)
      throws UnusableHandler, InterruptedException;
}
