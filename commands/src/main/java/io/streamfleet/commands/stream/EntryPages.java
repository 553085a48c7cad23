package io.streamfleet.commands.stream;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.List;
import java.util.Optional;

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
  private int count = FIRST_PAGE;

  public EntryPages(Link link, String stream) {
    this.link = link;
    this.stream = stream;
  }

  /** The oldest entries of a range, as many as a page may have; none when there are no more. */
  public List<StreamEntry> read(EntryId first, EntryId last) {
    return read(first, last, count);
  }

  /** The oldest entries of a range, at most so many, and no more than a page may have. */
  public List<StreamEntry> read(EntryId first, EntryId last, int most) {
    int asked = Math.min(most, count);
    List<StreamEntry> page =
        RedisReply.of(
                () ->
                    link.list(
                        CommandType.XRANGE,
                        Link.args()
                            .addKey(stream)
                            .add(first.toString())
                            .add(last.toString())
                            .add("COUNT")
                            .add(asked)))
            .stream()
            .map(StreamEntry::of)
            .toList();
    if (!page.isEmpty()) {
      long each = 1 + page.stream().mapToLong(StreamEntry::size).sum() / page.size();
      // It grows slowly: the next entries may be larger than these.
      count = Math.clamp(Math.min(MOST_BYTES / each, count * 4L), 1, MOST_ENTRIES);
    }
    return page;
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
