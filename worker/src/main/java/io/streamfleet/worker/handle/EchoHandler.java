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
 * Built in as {@code Echo}: answers an inbound message on the platform it came from, with its own
 * content; logs an outbound one. So one worker with both directions can be watched at work with no
 * code of one's own.
 */
public final class EchoHandler implements MessageHandler {

  private final LogHandler log = new LogHandler();

  /**
   * Emits {@code {type: "message", channel_id, content, reply_to, trace_id}}, without the fields
   * that the message has nothing for; {@code reply_to} is its {@code message_id}.
   *
   * @throws PermanentFailure when an inbound payload names no platform to answer on
   */
  @Override
  public Handled handle(Message message) throws PermanentFailure {
    return switch (message.direction()) {
      case INBOUND -> answer(message);
      case OUTBOUND -> log.handle(message);
    };
  }

  private static Handled answer(Message message) throws PermanentFailure {
    Map<String, Object> heard = message.payload().toMap();
    if (!(heard.get("platform") instanceof String platform) || !PlatformName.isValid(platform)) {
      throw new PermanentFailure(
          "Echo answers on the platform that the payload's field `platform` names, which must be "
              + PlatformName.RULE);
    }
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("type", "message");
    putUnlessNull(said, "channel_id", heard.get("channel_id"));
    putUnlessNull(said, "content", heard.get("content"));
    putUnlessNull(said, "reply_to", heard.get("message_id"));
    message.traceId().ifPresent(it -> said.put("trace_id", it));
    return Handled.emitting(new OutboundMessage(platform, said));
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
