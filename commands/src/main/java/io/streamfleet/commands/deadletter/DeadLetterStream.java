package io.streamfleet.commands.deadletter;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.commands.stream.EntryPages;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.commands.stream.ServerTime;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The stream of the dead letters, read in pages of bounded size. Calls wait for Redis; they throw
 * {@link io.lettuce.core.RedisException} when it refuses or does not answer.
 */
public final class DeadLetterStream {

  /** What a visitor is shown at once, and deletes or replays, before the next are read. */
  static final int PAGE = 100;

  private final Link link;
  private final String key;
  private final EntryPages pages;

  public DeadLetterStream(Link link, String key) {
    this.link = link;
    this.key = key;
    this.pages = new EntryPages(link, key, PAGE);
  }

  /** What a walk does with the letters of a page that fit. */
  @FunctionalInterface
  public interface Visitor {
    /** Returns whether to go on; a page without any letter that fits is not shown. */
    boolean visit(List<DeadLetter> letters);
  }

  public String key() {
    return key;
  }

  /** How many letters there are. */
  public long length() {
    return RedisReply.of(() -> link.number(CommandType.XLEN, Link.args().addKey(key)));
  }

  /** What time it is at the server that gives letters their ids. */
  public Instant now() {
    return ServerTime.of(link);
  }

  /** One letter, if it is still there. */
  public Optional<DeadLetter> letter(EntryId id) {
    return range(id, id, 1).stream().findFirst();
  }

  /** Deletes letters in one call and returns how many of them were still there. */
  public long delete(List<EntryId> ids) {
    return RedisReply.of(
        () -> {
          var args = Link.args().addKey(key);
          ids.forEach(id -> args.add(id.toString()));
          return link.number(CommandType.XDEL, args);
        });
  }

  /**
   * Visits the letters that fit, the oldest first, up to the one that is the last when it begins:
   * what is replayed may die again at once, and a walk that met it again would never end.
   *
   * @param limit the most letters to visit
   * @param seen hears after each page how many letters were looked at
   */
  public void walk(
      DeadLetterFilter filter,
      DeclaredStreams known,
      long limit,
      LongConsumer seen,
      Visitor visitor) {
    if (filter.ids().isEmpty()) {
      walkRange(filter, known, limit, seen, visitor);
    } else {
      walkIds(filter, known, limit, visitor);
    }
  }

  private void walkRange(
      DeadLetterFilter filter,
      DeclaredStreams known,
      long limit,
      LongConsumer seen,
      Visitor visitor) {
    Optional<EntryId> end = last();
    if (end.isEmpty()) {
      return;
    }
    Instant now = now();
    EntryId first = filter.newerThan().map(age -> at(now, age, 0)).orElse(new EntryId(0, 0));
    EntryId newest = end.get();
    EntryId last =
        filter
            .olderThan()
            .map(age -> at(now, age, -1))
            .filter(it -> it.compareTo(newest) < 0)
            .orElse(newest);
    long looked = 0;
    long left = limit;
    while (left > 0 && first.compareTo(last) <= 0) {
      List<DeadLetter> page = range(first, last, PAGE);
      if (page.isEmpty()) {
        return;
      }
      List<DeadLetter> fitting =
          page.stream().filter(letter -> filter.fits(letter, known)).limit(left).toList();
      if (!fitting.isEmpty() && !visitor.visit(fitting)) {
        return;
      }
      left -= fitting.size();
      looked += page.size();
      seen.accept(looked);
      EntryId reached = page.getLast().id();
      first = new EntryId(reached.millis(), reached.sequence() + 1);
    }
  }

  private void walkIds(
      DeadLetterFilter filter, DeclaredStreams known, long limit, Visitor visitor) {
    Instant now = now();
    List<DeadLetter> found = new ArrayList<>();
    for (EntryId id : filter.ids().stream().sorted(Comparator.naturalOrder()).toList()) {
      if (found.size() < limit && isOfAge(filter, Duration.between(id.time(), now))) {
        letter(id).filter(it -> filter.fits(it, known)).ifPresent(found::add);
      }
    }
    if (!found.isEmpty()) {
      visitor.visit(found);
    }
  }

  private static boolean isOfAge(DeadLetterFilter filter, Duration age) {
    return filter.olderThan().filter(least -> age.compareTo(least) < 0).isEmpty()
        && filter.newerThan().filter(most -> age.compareTo(most) > 0).isEmpty();
  }

  private static EntryId at(Instant now, Duration age, long sequence) {
    return new EntryId(Math.max(0, now.minus(age).toEpochMilli()), sequence);
  }

  private Optional<EntryId> last() {
    List<Object> rows =
        RedisReply.of(
            () ->
                link.list(
                    CommandType.XREVRANGE,
                    Link.args().addKey(key).add("+").add("-").add("COUNT").add(1)));
    return rows.stream().findFirst().map(row -> DeadLetter.of(row).id());
  }

  private List<DeadLetter> range(EntryId first, EntryId last, int count) {
    return pages.read(first, last, count).stream()
        .map(entry -> new DeadLetter(entry.id(), entry.fields()))
        .toList();
  }
}
