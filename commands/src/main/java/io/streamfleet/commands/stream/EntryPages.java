package io.streamfleet.commands.stream;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Reads a stream page by page, so that no call occupies Redis for more than one or two milliseconds
 * and no reply is large: a page has fewer entries if these are large. The methods block until Redis
 * answers, and throw {@link io.lettuce.core.RedisException} if it refuses or does not answer.
 */
public final class EntryPages {

  /** The highest possible id; both parts are unsigned. */
  public static final EntryId LAST = new EntryId(-1, -1);

  /** The most entries of a page: takes Redis about 0.2 ms if they are small. */
  private static final int MOST_ENTRIES = 500;

  /** The target size of a page in bytes, which Redis copies in much less than a millisecond. */
  private static final long MOST_BYTES = 256 << 10;

  /** The number of entries of the first page, as the size of the entries is not known yet. */
  private static final int FIRST_PAGE = 10;

  private final Link link;
  private final String stream;
  private int count;

  public EntryPages(Link link, String stream) {
    this(link, stream, FIRST_PAGE);
  }

  /**
   * For a caller that knows roughly how large the entries are.
   *
   * @param first the most entries of the first page
   */
  public EntryPages(Link link, String stream, int first) {
    this.link = link;
    this.stream = stream;
    this.count = first;
  }

  /** Reads one page: the oldest entries from {@code first} to {@code last}; empty at the end. */
  public List<StreamEntry> read(EntryId first, EntryId last) {
    return read(first, last, count);
  }

  /**
   * Reads one page of at most {@code most} entries: the oldest from {@code first} to {@code last};
   * empty at the end.
   */
  public List<StreamEntry> read(EntryId first, EntryId last, int most) {
    int asked = Math.min(most, count);
    List<StreamEntry> page = entries(RedisReply.of(() -> range(first, last, asked)));
    learn(page);
    return page;
  }

  private CompletableFuture<List<Object>> range(EntryId first, EntryId last, int most) {
    return link.list(
        CommandType.XRANGE,
        Link.args()
            .addKey(stream)
            .add(first.toString())
            .add(last.toString())
            .add("COUNT")
            .add(most));
  }

  private static List<StreamEntry> entries(List<Object> rows) {
    return rows.stream().map(StreamEntry::of).toList();
  }

  /** Adapts the page to the size of the entries. It grows slowly, as the next may be larger. */
  private void learn(List<StreamEntry> page) {
    if (!page.isEmpty()) {
      long each = 1 + page.stream().mapToLong(StreamEntry::size).sum() / page.size();
      count = Math.clamp(Math.min(MOST_BYTES / each, count * 4L), 1, MOST_ENTRIES);
    }
  }

  /**
   * Reads the entries with these ids, skipping those that do not exist. Uses one call per entry, as
   * there may be many others between them; the calls are pipelined, one page at a time.
   *
   * @param visitor called with each entry; returns whether to continue
   */
  public void each(List<EntryId> ids, Predicate<StreamEntry> visitor) {
    int next = 0;
    while (next < ids.size()) {
      List<EntryId> some = ids.subList(next, Math.min(ids.size(), next + count));
      List<CompletableFuture<List<Object>>> calls =
          some.stream().map(id -> range(id, id, 1)).toList();
      List<StreamEntry> page = new ArrayList<>();
      for (int i = 0; i < calls.size(); i++) {
        EntryId id = some.get(i);
        page.addAll(entries(RedisReply.of(calls.get(i), () -> range(id, id, 1))));
      }
      learn(page);
      for (StreamEntry entry : page) {
        if (!visitor.test(entry)) {
          return;
        }
      }
      next += some.size();
    }
  }

  /** The entry with this id; empty if it does not exist. */
  public Optional<StreamEntry> entry(EntryId id) {
    return read(id, id, 1).stream().findFirst();
  }

  /** The next higher id, where the next page starts. */
  public static EntryId after(EntryId id) {
    return id.sequence() == -1
        ? new EntryId(id.millis() + 1, 0)
        : new EntryId(id.millis(), id.sequence() + 1);
  }
}
