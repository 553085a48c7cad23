package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;

/**
 * The built-in handler {@code Discard}: does nothing and succeeds. For benchmarks, and for emptying
 * a stream.
 */
public final class DiscardHandler implements MessageHandler {

  @Override
  public Handled handle(Message message) {
    return Handled.nothing();
  }

  @Override
  public String name() {
    return "Discard";
  }

  @Override
  public boolean blocking() {
    return false;
  }
}
