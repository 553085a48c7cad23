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
import java.util.function.LongPredicate;

/**
 * The dead-letter stream, read in pages of bounded size. All methods that call Redis block until it
 * answers, and throw {@link io.lettuce.core.RedisException} if it refuses or does not answer.
 */
public final class DeadLetterStream {

  /** The most letters that are read at once, and given to the visitor before the next are read. */
  static final int PAGE = 100;

  private final Link link;
  private final String key;
  private final EntryPages pages;

  public DeadLetterStream(Link link, String key) {
    this.link = link;
    this.key = key;
    this.pages = new EntryPages(link, key, PAGE);
  }

  /** Processes the letters of a page that match the filter. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Processes the letters of one page; not called for a page without a match.
     *
     * @return whether to continue with the next page
     */
    boolean visit(List<DeadLetter> letters);
  }

  public String key() {
    return key;
  }

  /** The number of letters in the stream. */
  public long length() {
    return RedisReply.of(() -> link.number(CommandType.XLEN, Link.args().addKey(key)));
  }

  /** The current time by the clock of Redis, from which the ids of letters come. */
  public Instant now() {
    return ServerTime.of(link);
  }

  /** The letter with this id; empty if it does not exist. */
  public Optional<DeadLetter> letter(EntryId id) {
    return range(id, id, 1).stream().findFirst();
  }

  /** Deletes letters in one call, and returns how many of them existed. */
  public long delete(List<EntryId> ids) {
    return RedisReply.of(
        () -> {
          var args = Link.args().addKey(key);
          ids.forEach(id -> args.add(id.toString()));
          return link.number(CommandType.XDEL, args);
        });
  }

  /**
   * Visits the letters that match the filter, the oldest first. It ends at the letter that is the
   * last one when it starts: a replayed entry can become a dead letter again at once, and without
   * this limit a replay might never end.
   *
   * @param limit the maximum number of letters to visit
   * @param seen is given the number of letters read so far after each page, and returns whether to
   *     go on; not called if the filter names ids
   */
  public void walk(
      DeadLetterFilter filter,
      DeclaredStreams known,
      long limit,
      LongPredicate seen,
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
      LongPredicate seen,
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
      if (!seen.test(looked)) {
        return;
      }
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
