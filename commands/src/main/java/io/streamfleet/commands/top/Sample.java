package io.streamfleet.commands.top;

import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.ChannelLock;
import io.streamfleet.commands.stream.Consumers;
import io.streamfleet.commands.stream.EntryPages;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.PendingPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.wire.Header;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the pending and unread entries of a stream by channel. The channel is only in the
 * payloads, so of a long backlog only the oldest entries are read, which are handled next.
 */
final class Sample {

  private final Link link;
  private final ReadStream stream;
  private final int most;
  private final Instant now;
  private final Map<String, Counts> channels = new HashMap<>();
  private long unread;
  private long pending;

  private static final class Counts {
    private long unread;
    private long pending;
    private @Nullable EntryId oldest;
    private @Nullable String lock;
  }

  /**
   * @param most about how many pending entries are read at most, and how many unread ones
   * @param now the current time by the clock of Redis
   */
  Sample(Link link, ReadStream stream, int most, Instant now) {
    this.link = link;
    this.stream = stream;
    this.most = most;
    this.now = now;
  }

  /** Reads the sample. */
  void take(Progress progress) {
    Optional<Consumers> group = Consumers.of(link, stream.group());
    if (group.isPresent()) {
      readPending(progress);
    }
    readUnread(
        group.flatMap(Consumers::lastDelivered).map(EntryPages::after).orElse(EntryId.ZERO),
        progress);
  }

  long unread() {
    return unread;
  }

  long pending() {
    return pending;
  }

  /** At most this many channels of the sample, those with most entries first. */
  List<ChannelLoad> channels(int limit) {
    return channels.entrySet().stream()
        .sorted(
            (a, b) ->
                Long.compare(
                    b.getValue().unread + b.getValue().pending,
                    a.getValue().unread + a.getValue().pending))
        .limit(limit)
        .map(it -> load(it.getKey(), it.getValue()))
        .toList();
  }

  private ChannelLoad load(String channel, Counts counts) {
    return new ChannelLoad(
        stream.stream(),
        channel,
        counts.unread,
        counts.pending,
        Optional.ofNullable(counts.oldest).map(id -> Duration.between(id.time(), now)),
        Optional.ofNullable(counts.lock)
            .flatMap(key -> ChannelLock.of(link, key))
            .map(ChannelLock::holder));
  }

  private void readPending(Progress progress) {
    PendingPages pages = new PendingPages(link, stream.group());
    EntryPages entries = new EntryPages(link, stream.stream());
    EntryId from = EntryId.ZERO;
    while (pending < most) {
      List<PendingEntry> page = pages.read(from);
      if (page.isEmpty()) {
        return;
      }
      entries.each(
          page.stream().map(PendingEntry::id).toList(),
          entry -> {
            Counts counts = counts(entry);
            counts.pending++;
            if (counts.oldest == null) {
              counts.oldest = entry.id();
            }
            return true;
          });
      pending += page.size();
      showProgress(progress);
      from = EntryPages.after(page.getLast().id());
    }
  }

  private void readUnread(EntryId first, Progress progress) {
    EntryPages entries = new EntryPages(link, stream.stream());
    EntryId from = first;
    while (unread < most) {
      List<StreamEntry> page = entries.read(from, EntryPages.LAST, (int) (most - unread));
      if (page.isEmpty()) {
        return;
      }
      page.forEach(entry -> counts(entry).unread++);
      unread += page.size();
      showProgress(progress);
      from = EntryPages.after(page.getLast().id());
    }
  }

  private Counts counts(StreamEntry entry) {
    Optional<Header> header = stream.header(entry);
    String channel = header.map(Header::channel).orElse(UNKNOWN);
    Counts counts = channels.computeIfAbsent(channel, name -> new Counts());
    if (counts.lock == null && stream.hasLocks() && header.isPresent()) {
      counts.lock = stream.lockKey(channel, header.get().platform());
    }
    return counts;
  }

  /** Stands for the channel if a payload can't be decoded. */
  private static final String UNKNOWN = "(undecodable)";

  private void showProgress(Progress progress) {
    progress.at(
        () ->
            "looked at "
                + Text.number(pending)
                + " pending and "
                + Text.number(unread)
                + " unread entries of "
                + Text.printable(stream.stream()));
  }
}
