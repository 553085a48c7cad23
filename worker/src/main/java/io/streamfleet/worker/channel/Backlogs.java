package io.streamfleet.worker.channel;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The approximate number of pending entries of consumers that hold locks. A consumer that is far
 * behind gets no more entries handed over; otherwise workers would go on reading as long as they
 * can hand over. Belongs to the pipeline's loop.
 *
 * <p>Redis returns the number for one consumer only together with those of all consumers, whose
 * number has no bound. So the pending entries are counted from time to time, a page at a time and
 * never beyond the limit, and entries handed over since are added. Other workers may hand over as
 * well, each about half of the limit between two counts. That is precise enough: the limit only
 * slows down reading.
 */
final class Backlogs {

  /** Rows in one call: each takes about 0.3 us, so it does not delay others. */
  private static final int PAGE = 1_000;

  /** The shortest time between two counts of a consumer, since each reads up to the limit. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Consumers to remember: names come and go, and a forgotten one is counted again. */
  private static final int MOST_CONSUMERS = 1_000;

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;
  private long limit;
  private final Map<String, Backlog> backlogs = new HashMap<>();

  Backlogs(EventLoop loop, Link link, StreamConsumer stream, long limit) {
    this.loop = loop;
    this.link = link;
    this.stream = stream;
    this.limit = limit;
  }

  /** Sets another limit. */
  void limit(long most) {
    limit = most;
  }

  private static final class Backlog {
    private long counted;
    private long given;
    private long countedAt;
    private boolean everCounted;
    private boolean counting;

    private long total() {
      return counted + given;
    }
  }

  /** Whether a consumer is over the limit. Starts a count if one is due. */
  boolean isFarBehind(String consumer) {
    if (backlogs.size() >= MOST_CONSUMERS && !backlogs.containsKey(consumer)) {
      backlogs.clear();
    }
    Backlog backlog = backlogs.computeIfAbsent(consumer, name -> new Backlog());
    if (isDue(backlog)) {
      backlog.counting = true;
      count(consumer, backlog, "-", 0);
    }
    return backlog.total() > limit;
  }

  private boolean isDue(Backlog backlog) {
    if (backlog.counting) {
      return false;
    }
    return !backlog.everCounted
        || ((backlog.given > limit / 2 || backlog.total() > limit)
            && loop.now() - backlog.countedAt >= PAUSE.toNanos());
  }

  /** Entries were handed over to a consumer. */
  void gave(String consumer, int entries) {
    Backlog backlog = backlogs.get(consumer);
    if (backlog != null) {
      backlog.given += entries;
    }
  }

  private void count(String consumer, Backlog backlog, String from, long before) {
    long most = Math.min(PAGE, limit + 1 - before);
    link.list(
            CommandType.XPENDING,
            Link.args()
                .add(stream.stream())
                .add(stream.group())
                .add(from)
                .add("+")
                .add(most)
                .add(consumer))
        .whenComplete(
            (rows, failure) ->
                loop.execute(
                    () -> {
                      if (failure != null) {
                        // The hand-over itself fails for the same reason and reports it.
                        counted(backlog, 0);
                      } else if (rows.size() < most || before + rows.size() > limit) {
                        counted(backlog, before + rows.size());
                      } else {
                        String last = Link.text(((List<?>) rows.getLast()).getFirst());
                        count(consumer, backlog, "(" + last, before + rows.size());
                      }
                    }));
  }

  private void counted(Backlog backlog, long pending) {
    backlog.counting = false;
    backlog.everCounted = true;
    backlog.counted = pending;
    backlog.given = 0;
    backlog.countedAt = loop.now();
  }
}
