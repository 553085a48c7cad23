package io.streamfleet.worker.handle;

import io.streamfleet.api.HandlerSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.MessageHandler;

/** Makes handlers, started and ready. */
public interface HandlerFactory {

  /**
   * The handler of what comes in.
   *
   * @throws UnusableHandler when it cannot be used as the manifest has it
   */
  MessageHandler inbound(HandlerSpec spec) throws UnusableHandler, InterruptedException;

  /** Handlers that were made work by what is live of other settings from now on. Any thread. */
  default void change(StreamConsumerGroupSpec settings) {}

  /** The handler of what goes out to a platform; throws as {@link #inbound} does. */
  MessageHandler outbound(HandlerSpec spec, String platform)
      throws UnusableHandler, InterruptedException;
}
