package io.streamfleet.wire;

import java.util.Optional;

/** The header of a msgpack payload: offsets of its values; 0 means that there is none. */
final class MsgpackHeader implements Header {

  private final byte[] data;
  private final String channel;
  private final boolean addressed;
  private final int traceId;
  private final int messageId;
  private final int platform;
  private final int userId;

  MsgpackHeader(
      byte[] data,
      String channel,
      boolean addressed,
      int traceId,
      int messageId,
      int platform,
      int userId) {
    this.data = data;
    this.channel = channel;
    this.addressed = addressed;
    this.traceId = traceId;
    this.messageId = messageId;
    this.platform = platform;
    this.userId = userId;
  }

  @Override
  public String channel() {
    return channel;
  }

  @Override
  public boolean addressed() {
    return addressed;
  }

  @Override
  public Optional<String> traceId() {
    return textAt(traceId);
  }

  @Override
  public Optional<String> messageId() {
    return textAt(messageId);
  }

  @Override
  public Optional<String> platform() {
    return textAt(platform);
  }

  @Override
  public Optional<String> userId() {
    return textAt(userId);
  }

  private Optional<String> textAt(int at) {
    return at == 0 || !MsgpackValue.isTrue(data, at)
        ? Optional.empty()
        : Optional.ofNullable(MsgpackValue.text(data, at));
  }
}
