package io.streamfleet.commands.top;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The backlog of one channel in a sample.
 *
 * @param unread the number of unread entries in the sample
 * @param pending the number of pending entries in the sample
 * @param oldestPending the time since the oldest of these pending entries was published
 * @param holder the consumer that holds the channel's lock
 */
public record ChannelLoad(
    String stream,
    String channel,
    long unread,
    long pending,
    Optional<Duration> oldestPending,
    Optional<String> holder) {

  static final List<String> HEAD =
      List.of("CHANNEL", "STREAM", "UNREAD", "PENDING", "OLDEST PENDING", "HELD BY");

  /** All that waits. */
  public long all() {
    return unread + pending;
  }

  List<String> row() {
    return List.of(
        Text.printable(channel),
        Text.printable(stream),
        Text.number(unread),
        Text.number(pending),
        oldestPending.map(Text::age).orElse(Text.NOTHING),
        holder.map(Text::printable).orElse(Text.NOTHING));
  }

  /** For a program. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("channel", channel);
    json.put("stream", stream);
    json.put("unread", unread);
    json.put("pending", pending);
    json.put("oldest_pending_seconds", oldestPending.map(it -> it.toMillis() / 1e3).orElse(null));
    json.put("held_by", holder.orElse(null));
    return json;
  }
}
