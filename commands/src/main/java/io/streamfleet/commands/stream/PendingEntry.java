package io.streamfleet.commands.stream;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.time.Duration;
import java.util.List;

/**
 * A row of a group's pending entries list.
 *
 * @param idle the time since it was last delivered, or renewed by its consumer
 * @param deliveries the delivery count
 */
public record PendingEntry(EntryId id, String consumer, Duration idle, long deliveries) {

  static PendingEntry of(Object reply) {
    List<?> row = (List<?>) reply;
    return new PendingEntry(
        EntryId.parse(Link.text(row.get(0))),
        Link.text(row.get(1)),
        Duration.ofMillis((Long) row.get(2)),
        (Long) row.get(3));
  }
}
