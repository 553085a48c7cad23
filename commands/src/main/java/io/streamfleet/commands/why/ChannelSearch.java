package io.streamfleet.commands.why;

import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.Consumers;
import io.streamfleet.commands.stream.EntryPages;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.PendingPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the oldest waiting entry of a channel by reading payloads, which contain the channel. */
final class ChannelSearch {

  /**
   * About how many pending, and how many unread entries are read at most. Takes some seconds, in
   * steps that each occupy Redis for much less than 5 ms.
   */
  static final int MOST = 20_000;

  private final Link link;
  private final ReadStream stream;
  private final Progress progress;

  ChannelSearch(Link link, ReadStream stream, Progress progress) {
    this.link = link;
    this.stream = stream;
    this.progress = progress;
  }

  /** An entry of the channel. */
  record Found(ReadStream stream, EntryId id) {
    Optional<Answer> answer(Diagnosis diagnosis) {
      return diagnosis.of(stream, id);
    }
  }

  /** The oldest pending entry of the channel, or else the oldest unread one. */
  Optional<Found> oldest(String channel) {
    Optional<Consumers> group = Consumers.of(link, stream.group());
    Optional<Found> pending = group.flatMap(it -> pending(channel));
    return pending.isPresent() ? pending : unread(channel, group);
  }

  private Optional<Found> pending(String channel) {
    PendingPages pages = new PendingPages(link, stream.group());
    EntryPages entries = new EntryPages(link, stream.stream());
    EntryId from = EntryId.ZERO;
    int looked = 0;
    while (looked < MOST) {
      List<PendingEntry> page = pages.read(from);
      if (page.isEmpty()) {
        return Optional.empty();
      }
      List<Found> found = new ArrayList<>();
      entries.each(
          page.stream().map(PendingEntry::id).toList(),
          entry -> {
            if (stream.channel(entry).filter(channel::equals).isPresent()) {
              found.add(new Found(stream, entry.id()));
            }
            return found.isEmpty();
          });
      if (!found.isEmpty()) {
        return Optional.of(found.getFirst());
      }
      looked += page.size();
      showProgress(looked, "pending");
      from = EntryPages.after(page.getLast().id());
    }
    return Optional.empty();
  }

  private Optional<Found> unread(String channel, Optional<Consumers> group) {
    EntryPages entries = new EntryPages(link, stream.stream());
    EntryId from =
        group.flatMap(Consumers::lastDelivered).map(EntryPages::after).orElse(EntryId.ZERO);
    int looked = 0;
    while (looked < MOST) {
      List<StreamEntry> page = entries.read(from, EntryPages.LAST);
      if (page.isEmpty()) {
        return Optional.empty();
      }
      Optional<StreamEntry> found =
          page.stream()
              .filter(it -> stream.channel(it).filter(channel::equals).isPresent())
              .findFirst();
      if (found.isPresent()) {
        return found.map(it -> new Found(stream, it.id()));
      }
      looked += page.size();
      showProgress(looked, "unread");
      from = EntryPages.after(page.getLast().id());
    }
    return Optional.empty();
  }

  private void showProgress(int looked, String what) {
    progress.at(
        () ->
            "looked at "
                + Text.number(looked)
                + " "
                + what
                + " entries of "
                + Text.printable(stream.stream()));
  }
}
