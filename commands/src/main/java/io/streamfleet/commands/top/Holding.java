package io.streamfleet.commands.top;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.Consumers;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.PartitionedGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A consumer of a group, and the oldest that it has. */
public record Holding(ReadStream stream, ObservedConsumer consumer, Optional<PendingEntry> oldest) {

  static final List<String> HEAD =
      List.of("CONSUMER", "STREAM", "PENDING", "OLDEST", "LAST CALL", "STATE");

  List<String> row(StreamConsumerGroupSpec spec, Instant now) {
    return List.of(
        Text.printable(consumer.name()),
        Text.printable(stream.stream()),
        Text.number(consumer.pending()),
        age(now).map(Text::age).orElse(Text.NOTHING),
        consumer.idle().map(Text::age).orElse(Text.NOTHING),
        Consumers.isAlive(spec, consumer) ? "reads" : "gone");
  }

  /** With what the same consumer has in another partition of the stream. */
  Holding and(Holding other) {
    return new Holding(
        stream,
        PartitionedGroup.together(consumer, other.consumer),
        Stream.of(oldest, other.oldest)
            .flatMap(Optional::stream)
            .min(Comparator.comparing(PendingEntry::id)));
  }

  /** For a program. */
  public ObjectNode json(StreamConsumerGroupSpec spec, Instant now) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("consumer", consumer.name());
    json.put("stream", stream.stream());
    json.put("group", stream.group().group());
    json.put("pending", consumer.pending());
    json.put("oldest_seconds", age(now).map(age -> age.toMillis() / 1e3).orElse(null));
    json.put("oldest_id", oldest.map(entry -> entry.id().toString()).orElse(null));
    json.put("idle_seconds", consumer.idle().map(age -> age.toMillis() / 1e3).orElse(null));
    json.put("alive", Consumers.isAlive(spec, consumer));
    return json;
  }

  private Optional<Duration> age(Instant now) {
    return oldest.map(entry -> Duration.between(entry.id().time(), now));
  }
}
