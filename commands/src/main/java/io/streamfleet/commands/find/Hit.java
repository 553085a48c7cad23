package io.streamfleet.commands.find;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An entry that matches a search, without its payload.
 *
 * @param where the key of its stream, which is the dead-letter stream for a dead letter
 * @param state {@code unread}, {@code pending}, {@code settled} or {@code dead}
 * @param with the consumer for which it is pending; empty if it is not pending
 * @param bytes the size of the payload
 */
public record Hit(
    String where,
    EntryId id,
    String state,
    Optional<String> with,
    Optional<String> channel,
    Optional<String> trace,
    long bytes) {

  static final List<String> HEAD =
      List.of("ID", "AGE", "STREAM", "STATE", "CHANNEL", "TRACE", "BYTES");

  List<String> row(Instant now) {
    return List.of(
        id.toString(),
        Text.age(Duration.between(id.time(), now)),
        Text.printable(where),
        state + with.map(it -> " for " + Text.printable(it)).orElse(""),
        channel.map(Text::printable).orElse(Text.NOTHING),
        trace.map(Text::printable).orElse(Text.NOTHING),
        Text.number(bytes));
  }

  /** For a program. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", id.toString());
    json.put("published", id.time().toString());
    json.put("stream", where);
    json.put("state", state);
    json.put("consumer", with.orElse(null));
    json.put("channel", channel.orElse(null));
    json.put("trace", trace.orElse(null));
    json.put("payload_bytes", bytes);
    return json;
  }
}
