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
 * Reads a stream page by page, so that no command keeps Redis for more than a millisecond or two
 * and no reply is large: where payloads are, a page has fewer entries. Calls wait for Redis; they
 * throw {@link io.lettuce.core.RedisException} when it refuses or does not answer.
 */
public final class EntryPages {

  /** The highest id that there can be. */
  public static final EntryId LAST = new EntryId(-1, -1);

  /** Some 0.2 ms of Redis for small entries. */
  private static final int MOST_ENTRIES = 500;

  /** To copy so much takes Redis well below a millisecond. */
  private static final long MOST_BYTES = 256 << 10;

  /** Until it is known how large entries are. */
  private static final int FIRST_PAGE = 10;

  private final Link link;
  private final String stream;
  private int count;

  public EntryPages(Link link, String stream) {
    this(link, stream, FIRST_PAGE);
  }

  /**
   * The same where it is known about how large entries are.
   *
   * @param first how many entries the first page may have
   */
  public EntryPages(Link link, String stream, int first) {
    this.link = link;
    this.stream = stream;
    this.count = first;
  }

  /** The oldest entries of a range, as many as a page may have; none when there are no more. */
  public List<StreamEntry> read(EntryId first, EntryId last) {
    return read(first, last, count);
  }

  /** The oldest entries of a range, at most so many, and no more than a page may have. */
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

  /** The next entries may be larger than these: it grows slowly. */
  private void learn(List<StreamEntry> page) {
    if (!page.isEmpty()) {
      long each = 1 + page.stream().mapToLong(StreamEntry::size).sum() / page.size();
      count = Math.clamp(Math.min(MOST_BYTES / each, count * 4L), 1, MOST_ENTRIES);
    }
  }

  /**
   * Those of some entries that are there. One call each, since what lies between them may be much;
   * as many are on their way at once as a page may have.
   *
   * @param visitor gets each, and returns whether to go on
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

  /** One entry, if it is there. */
  public Optional<StreamEntry> entry(EntryId id) {
    return read(id, id, 1).stream().findFirst();
  }

  /** The id after this one, where the next page begins. */
  public static EntryId after(EntryId id) {
    return id.sequence() == -1
        ? new EntryId(id.millis() + 1, 0)
        : new EntryId(id.millis(), id.sequence() + 1);
  }
}
