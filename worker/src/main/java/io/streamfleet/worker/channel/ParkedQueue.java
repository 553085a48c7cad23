package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parked entries of a lane; those of one stream are in stream order, whenever they arrived.
 * Belongs to the pipeline's loop.
 */
final class ParkedQueue {

  /** Small at first, since most lanes never park entries. */
  private final ArrayDeque<ParkedEntry> queue = new ArrayDeque<>(1);

  /** The newest of each stream since the queue was last empty. */
  private final Map<StreamConsumer, EntryId> newest = new HashMap<>(0);

  boolean isEmpty() {
    return queue.isEmpty();
  }

  int size() {
    return queue.size();
  }

  Stream<ParkedEntry> stream() {
    return queue.stream();
  }

  @Nullable ParkedEntry peek() {
    return queue.peek();
  }

  ParkedEntry getFirst() {
    return queue.getFirst();
  }

  ParkedEntry removeFirst() {
    ParkedEntry first = queue.removeFirst();
    if (queue.isEmpty()) {
      newest.clear();
    }
    return first;
  }

  void add(ParkedEntry entry) {
    addAll(List.of(entry));
  }

  /** Adds entries at their positions, which is usually behind or before all others. */
  void addAll(List<ParkedEntry> entries) {
    List<ParkedEntry> older = new ArrayList<>();
    for (ParkedEntry entry : entries) {
      EntryId last = newest.get(entry.stream());
      if (last == null || last.compareTo(entry.id()) < 0) {
        queue.addLast(entry);
        newest.put(entry.stream(), entry.id());
      } else {
        older.add(entry);
      }
    }
    if (!older.isEmpty()) {
      older.reversed().forEach(queue::addFirst);
      if (!isSorted()) {
        sort();
      }
    }
  }

  private boolean isSorted() {
    Map<StreamConsumer, EntryId> before = new HashMap<>();
    for (ParkedEntry entry : queue) {
      EntryId last = before.put(entry.stream(), entry.id());
      if (last != null && last.compareTo(entry.id()) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Sorts the entries of each stream among the positions that its entries have. */
  private void sort() {
    Map<StreamConsumer, ArrayDeque<ParkedEntry>> byStream = new HashMap<>();
    queue.stream()
        .sorted((one, other) -> one.id().compareTo(other.id()))
        .forEach(
            entry -> byStream.computeIfAbsent(entry.stream(), _ -> new ArrayDeque<>()).add(entry));
    List<ParkedEntry> places = new ArrayList<>(queue);
    queue.clear();
    places.forEach(
        place -> {
          ArrayDeque<ParkedEntry> rest = byStream.get(place.stream());
          if (rest != null) {
            queue.add(rest.removeFirst());
          }
        });
  }

  /** Removes those of the ids that are here. */
  void removeAll(StreamConsumer stream, Set<EntryId> ids) {
    queue.removeIf(parked -> parked.stream().equals(stream) && ids.contains(parked.id()));
    if (queue.isEmpty()) {
      newest.clear();
    }
  }
}
