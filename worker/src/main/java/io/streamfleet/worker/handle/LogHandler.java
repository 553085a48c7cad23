package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in handler {@code Log}: logs each message at INFO with its metadata and the size of its
 * payload in bytes, without the payload.
 */
public final class LogHandler implements MessageHandler {

  private final Logger log;

  public LogHandler() {
    this(LoggerFactory.getLogger(LogHandler.class));
  }

  LogHandler(Logger log) {
    this.log = log;
  }

  @Override
  public Handled handle(Message message) {
    log.atInfo()
        .addKeyValue("id", message.id())
        .addKeyValue("stream", message.stream())
        .addKeyValue("channel", message.channel())
        .addKeyValue("attempt", message.attempt())
        .addKeyValue("traceId", message.traceId().orElse(""))
        .addKeyValue("payloadBytes", message.payload().raw().length)
        .log("message");
    return Handled.nothing();
  }

  @Override
  public String name() {
    return "Log";
  }

  /** False: it waits only for the log, as every part of the worker does. */
  @Override
  public boolean blocking() {
    return false;
  }
}
