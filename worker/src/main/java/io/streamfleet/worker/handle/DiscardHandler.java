package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;

/**
 * Built in as {@code Discard}: handles everything by doing nothing. For benches and for draining.
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
