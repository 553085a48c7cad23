package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The built-in handler {@code Echo}: answers an inbound message on the platform it came from, with
 * the same content; logs an outbound message. So both directions of a worker can be tried without
 * writing code.
 */
public final class EchoHandler implements MessageHandler {

  private final LogHandler log = new LogHandler();

  /**
   * Emits {@code {type: "message", channel_id, content, reply_to, trace_id}}, without the fields
   * that the message lacks; {@code reply_to} is its {@code message_id}.
   *
   * @throws PermanentFailure if an inbound payload names no valid platform
   */
  @Override
  public Handled handle(Message message) throws PermanentFailure {
    return switch (message.direction()) {
      case INBOUND -> answer(message);
      case OUTBOUND -> log.handle(message);
    };
  }

  private static Handled answer(Message message) throws PermanentFailure {
    Map<String, Object> received = message.payload().toMap();
    if (!(received.get("platform") instanceof String platform) || !PlatformName.isValid(platform)) {
      throw new PermanentFailure(
          "Echo answers on the platform that the payload's field `platform` names, which must be "
              + PlatformName.RULE);
    }
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("type", "message");
    putUnlessNull(reply, "channel_id", received.get("channel_id"));
    putUnlessNull(reply, "content", received.get("content"));
    putUnlessNull(reply, "reply_to", received.get("message_id"));
    message.traceId().ifPresent(it -> reply.put("trace_id", it));
    return Handled.emitting(new OutboundMessage(platform, reply));
  }

  private static void putUnlessNull(Map<String, Object> fields, String name, @Nullable Object it) {
    if (it != null) {
      fields.put(name, it);
    }
  }

  @Override
  public String name() {
    return "Echo";
  }

  /** False: like {@link LogHandler}. */
  @Override
  public boolean blocking() {
    return false;
  }
}
