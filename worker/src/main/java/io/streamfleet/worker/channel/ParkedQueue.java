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
 * The parked entries of a lane: those of one stream in its order, whenever they came. Belongs to
 * the pipeline's loop.
 */
final class ParkedQueue {

  /** Small at first: most lanes never park anything. */
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

  /** Adds some at their places, which is behind all others, or before them, as a rule. */
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

  /** Sorts each stream's; a place that is one's of a stream stays one of that stream. */
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

  /** Takes out some of a stream, as many of them as are here. */
  void removeAll(StreamConsumer stream, Set<EntryId> ids) {
    queue.removeIf(parked -> parked.stream().equals(stream) && ids.contains(parked.id()));
    if (queue.isEmpty()) {
      newest.clear();
    }
  }
}
