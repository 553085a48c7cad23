package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.pending.PendingEntries;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Entries whose delivery is not to be taken back when they are left: the handler has begun with
 * them, it is taken back already, or they were taken over from another life and their delivery to
 * this one was not counted.
 */
final class TriedEntries {

  private TriedEntries() {}

  static List<EntryId> of(StreamEntries entries, Deliveries deliveries) {
    PendingEntries pending = entries.pending();
    return Stream.of(
            pending.entries().stream()
                .filter(entry -> entry.startedAt() != 0 || deliveries.isTakenBack(entry))
                .map(Entry::entryId),
            pending.notCountedYet().stream(),
            ParkedRetries.tried(entries).stream())
        .flatMap(Function.identity())
        .toList();
  }
}
