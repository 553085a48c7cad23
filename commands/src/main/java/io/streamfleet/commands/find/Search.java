package io.streamfleet.commands.find;

import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.Consumers;
import io.streamfleet.commands.stream.EntryPages;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.PendingPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.wire.EntryFields;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Searches streams from the oldest entry on. After each page of a stream it pauses for as long as
 * reading the page took, but at most 5 ms, so that it uses at most half of Redis' time.
 */
public final class Search {

  /** Where to search. */
  public enum Place {
    STREAMS,
    PENDING,
    DEAD_LETTERS
  }

  /** The maximum pause; a page that takes longer waits for the network, not for Redis. */
  private static final Duration LONGEST_REST = Duration.ofMillis(5);

  /**
   * The limits of a search.
   *
   * @param hits the search ends after so many matches
   * @param looked about how many entries of each stream are read at most; the last page is read
   *     completely
   */
  public record Bounds(long hits, long looked) {}

  private final Link link;
  private final Wanted wanted;
  private final Set<EntryId> ids;
  private final EntryId first;
  private final Bounds bounds;
  private final Progress progress;
  private final Predicate<Hit> listener;
  private long found;
  private long looked;
  private boolean cut;
  private boolean over;

  /**
   * @param ids search only these entries; if empty, all
   * @param first the lowest id to read, not used if there are ids
   * @param listener called for each match; returns whether to continue
   */
  public Search(
      Link link,
      Wanted wanted,
      Set<EntryId> ids,
      EntryId first,
      Bounds bounds,
      Progress progress,
      Predicate<Hit> listener) {
    this.link = link;
    this.wanted = wanted;
    this.ids = Set.copyOf(ids);
    this.first = first;
    this.bounds = bounds;
    this.progress = progress;
    this.listener = listener;
  }

  /** Searches, and returns the number of matches. */
  public long everywhere(List<ReadStream> streams, String deadLetters, Set<Place> where) {
    for (ReadStream stream : streams) {
      if (where.contains(Place.STREAMS)) {
        stream(stream);
      } else if (where.contains(Place.PENDING)) {
        pending(stream);
      }
    }
    if (where.contains(Place.DEAD_LETTERS)) {
      deadLetters(streams, deadLetters);
    }
    return found;
  }

  /** The number of entries that were read. */
  public long looked() {
    return looked;
  }

  /** Whether the limit of entries ended the search of a stream before its end. */
  public boolean cut() {
    return cut;
  }

  private void stream(ReadStream stream) {
    Optional<EntryId> delivered =
        Consumers.of(link, stream.group()).flatMap(Consumers::lastDelivered);
    EntryPages pages = new EntryPages(link, stream.stream());
    walk(
        stream.stream(),
        pages,
        entry -> {
          if (wanted.matches(stream, entry)) {
            report(hit(stream, entry, delivered));
          }
        });
  }

  private Hit hit(ReadStream stream, StreamEntry entry, Optional<EntryId> delivered) {
    if (delivered.filter(last -> last.compareTo(entry.id()) >= 0).isEmpty()) {
      return hit(stream, entry, "unread", Optional.empty());
    }
    Optional<PendingEntry> row = new PendingPages(link, stream.group()).of(entry.id());
    return row.isPresent()
        ? hit(stream, entry, "pending", row.map(PendingEntry::consumer))
        : hit(stream, entry, "settled", Optional.empty());
  }

  private static Hit hit(
      ReadStream stream, StreamEntry entry, String state, Optional<String> with) {
    return new Hit(
        stream.stream(),
        entry.id(),
        state,
        with,
        stream.channel(entry),
        stream.trace(entry),
        entry.bytes(EntryFields.DATA).length);
  }

  private void pending(ReadStream stream) {
    if (Consumers.of(link, stream.group()).isEmpty()) {
      return;
    }
    PendingPages pages = new PendingPages(link, stream.group());
    EntryPages entries = new EntryPages(link, stream.stream());
    EntryId from = first;
    long here = 0;
    while (!over) {
      List<PendingEntry> page = pages.read(from);
      if (page.isEmpty()) {
        return;
      }
      Map<EntryId, String> consumers = new LinkedHashMap<>();
      page.stream()
          .filter(row -> ids.isEmpty() || ids.contains(row.id()))
          .forEach(row -> consumers.put(row.id(), row.consumer()));
      looked += page.size();
      entries.each(
          List.copyOf(consumers.keySet()),
          entry -> {
            if (wanted.matches(stream, entry)) {
              report(hit(stream, entry, "pending", Optional.ofNullable(consumers.get(entry.id()))));
            }
            return !over;
          });
      if (over) {
        return;
      }
      here += page.size();
      if (here >= bounds.looked()) {
        cut = true;
        return;
      }
      showProgress(stream.stream());
      from = EntryPages.after(page.getLast().id());
    }
  }

  private void deadLetters(List<ReadStream> streams, String key) {
    walk(
        key,
        new EntryPages(link, key),
        letter -> {
          ReadStream read =
              streams.stream()
                  .filter(
                      it ->
                          letter
                              .text(DeadLetter.ORIGINAL_STREAM)
                              .filter(it.stream()::equals)
                              .isPresent())
                  .findFirst()
                  .orElse(streams.getFirst());
          if (wanted.matches(read, letter)) {
            report(
                new Hit(
                    key,
                    letter.id(),
                    "dead",
                    Optional.empty(),
                    read.channel(letter),
                    read.trace(letter),
                    letter.bytes(EntryFields.DATA).length));
          }
        });
  }

  private void walk(String stream, EntryPages pages, Consumer<StreamEntry> visitor) {
    if (!ids.isEmpty()) {
      ids.stream()
          .sorted()
          .forEach(id -> pages.entry(id).ifPresent(entry -> visit(entry, visitor)));
      return;
    }
    EntryId from = first;
    long here = 0;
    while (!over) {
      long begin = System.nanoTime();
      List<StreamEntry> page = pages.read(from, EntryPages.LAST);
      if (page.isEmpty()) {
        return;
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      page.forEach(entry -> visit(entry, visitor));
      here += page.size();
      if (here >= bounds.looked()) {
        cut = true;
        return;
      }
      showProgress(stream);
      from = EntryPages.after(page.getLast().id());
      RedisReply.pause(took.compareTo(LONGEST_REST) < 0 ? took : LONGEST_REST);
    }
  }

  private void visit(StreamEntry entry, Consumer<StreamEntry> visitor) {
    if (!over) {
      looked++;
      visitor.accept(entry);
    }
  }

  private void report(Hit hit) {
    found++;
    over = !listener.test(hit) || found >= bounds.hits();
    progress.spoken();
  }

  private void showProgress(String stream) {
    progress.at(
        () ->
            "looked at "
                + Text.number(looked)
                + " entries, now in "
                + Text.printable(stream)
                + "; found "
                + Text.number(found));
  }
}
