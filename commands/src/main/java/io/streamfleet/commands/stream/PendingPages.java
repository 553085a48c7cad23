package io.streamfleet.commands.stream;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import java.util.List;
import java.util.Optional;

/**
 * Reads the pending entries list of a group page by page. The methods block, and throw, like those
 * of {@link EntryPages}.
 */
public final class PendingPages {

  /** The rows of a page: takes Redis about 0.3 ms. */
  private static final int PAGE = 500;

  private final Link link;
  private final ConsumerGroup group;

  public PendingPages(Link link, ConsumerGroup group) {
    this.link = link;
    this.group = group;
  }

  /** Reads one page: the pending entries with the lowest ids from {@code first} on. */
  public List<PendingEntry> read(EntryId first) {
    return rows(first.toString(), "+", PAGE, Optional.empty());
  }

  /** The row of an entry; empty if it is not pending. */
  public Optional<PendingEntry> of(EntryId id) {
    return rows(id.toString(), id.toString(), 1, Optional.empty()).stream().findFirst();
  }

  /** The pending entry with the lowest id. */
  public Optional<PendingEntry> oldest() {
    return rows("-", "+", 1, Optional.empty()).stream().findFirst();
  }

  /** The pending entry of a consumer with the lowest id. */
  public Optional<PendingEntry> oldestOf(String consumer) {
    return rows("-", "+", 1, Optional.of(consumer)).stream().findFirst();
  }

  private List<PendingEntry> rows(String first, String last, int count, Optional<String> consumer) {
    return RedisReply.of(
            () -> {
              var args =
                  Link.args()
                      .addKey(group.stream())
                      .add(group.group())
                      .add(first)
                      .add(last)
                      .add(count);
              consumer.ifPresent(args::add);
              return link.list(CommandType.XPENDING, args);
            })
        .stream()
        .map(PendingEntry::of)
        .toList();
  }
}
