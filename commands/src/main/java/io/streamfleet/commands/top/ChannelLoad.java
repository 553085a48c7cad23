package io.streamfleet.commands.top;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What waits of one channel, as far as was looked.
 *
 * @param unread entries of the sample that nobody has read
 * @param pending entries of the sample that a worker has
 * @param oldestPending since the oldest of those was published
 * @param holder the consumer that holds its lock
 */
record ChannelLoad(
    String stream,
    String channel,
    long unread,
    long pending,
    Optional<Duration> oldestPending,
    Optional<String> holder) {

  static final List<String> HEAD =
      List.of("CHANNEL", "STREAM", "UNREAD", "PENDING", "OLDEST PENDING", "HELD BY");

  long all() {
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

  ObjectNode json() {
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
