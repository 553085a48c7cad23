package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.metrics.StreamMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work of a splitter under one grant of the lease. */
final class SplitterTurn {

  private static final Logger LOG = LoggerFactory.getLogger(SplitterTurn.class);

  /** Entries in one read: appending and acknowledging them takes a few calls in all. */
  private static final int MOST = OwnerCalls.MOST_IDS;

  /** Entries in the first read, when nothing is known of their size. */
  private static final int FIRST = 16;

  /** Bytes in one read: two of them are in memory at a time, beside what the handlers have. */
  private static final long MOST_BYTES = 4 << 20;

  /** The longest wait for new entries, so that the lease is renewed in time. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  /** What is pending is looked at once under each grant. */
  private static final int LOOKS = 1;

  private final Link link;
  private final Link waiting;
  private final String stream;
  private final Leases leases;
  private final OwnerCalls calls;
  private final Grant grant;
  private final PartitionAppender appender;
  private final StreamMetrics metrics;
  private final Duration term;
  private final LongSupplier nanoTime;
  private final Sparingly tooLarge;
  private EntryId newest = EntryId.ZERO;
  private long settlements;
  private int count = FIRST;
  private long renewAt;

  /**
   * @param link the connection for everything that does not block; sends nothing again
   * @param waiting a connection for waits only
   * @param leases the leases of the plain stream, which counts as partition 0
   */
  SplitterTurn(
      Link link,
      Link waiting,
      SplitSource source,
      Leases leases,
      Grant grant,
      PartitionAppender appender,
      StreamMetrics metrics,
      LongSupplier nanoTime) {
    this.link = link;
    this.waiting = waiting;
    this.stream = source.stream().stream();
    this.leases = leases;
    this.calls = leases.calls();
    this.grant = grant;
    this.appender = appender;
    this.metrics = metrics;
    this.term = source.term();
    this.nanoTime = nanoTime;
    this.tooLarge = new Sparingly(Duration.ofMinutes(1), nanoTime);
    this.renewAt = nanoTime.getAsLong() + term.toNanos() / 3;
  }

  /**
   * Splits until the lease is lost, or Redis has lost data.
   *
   * @param goesOn asked before each read
   * @param works called when calls have succeeded
   */
  void run(BooleanSupplier goesOn, Runnable works) {
    get(new Replication(link).arrived(List.of(calls.keyOf(0))));
    if (!movePending()) {
      return;
    }
    CompletableFuture<List<WholeEntry>> next = read();
    while (renewInTime()) {
      List<WholeEntry> entries = get(next);
      works.run();
      boolean more = goesOn.getAsBoolean();
      if (entries.isEmpty()) {
        if (!more) {
          return;
        }
        await(newest.toString());
        next = read();
        continue;
      }
      newest = entries.getLast().id();
      measure(entries);
      // Redis reads the next ones while these are sorted into their partitions.
      next = more ? read() : CompletableFuture.completedFuture(List.of());
      if (!moveRead(entries)) {
        return;
      }
    }
  }

  /** The last entry that was read. */
  Optional<EntryId> newest() {
    return newest.equals(EntryId.ZERO) ? Optional.empty() : Optional.of(newest);
  }

  /** Moves pending entries first: they were read and perhaps not appended, and are older. */
  private boolean movePending() {
    String start = "-";
    do {
      List<Page> pages = get(calls.take(0, grant, start, LOOKS));
      if (pages.isEmpty()) {
        return false;
      }
      lost(pages.getFirst().gone().size());
      if (!moveById(pages.getFirst().ids())) {
        return false;
      }
      start = pages.getFirst().next();
      newest = pages.getFirst().newest();
    } while (!start.isEmpty());
    return true;
  }

  private CompletableFuture<List<WholeEntry>> read() {
    return calls
        .read(link, new BoundedOutput(MOST_BYTES), List.of(calls.fenced(0, grant, LOOKS)), count)
        .thenApply(WholeEntry::ofReply);
  }

  /** So many are read next that they have the bytes that there is room for, if they are alike. */
  private void measure(List<WholeEntry> entries) {
    long bytes = entries.stream().mapToLong(WholeEntry::bytes).sum();
    count = Math.clamp(MOST_BYTES / Math.max(1, bytes / entries.size()), 1, MOST);
  }

  private boolean moveRead(List<WholeEntry> entries) {
    return entries.stream().allMatch(WholeEntry::isWhole)
        ? move(entries, entries.stream().map(WholeEntry::id).toList())
        : moveById(entries.stream().map(WholeEntry::id).toList());
  }

  /** Fetches each entry by itself, so that the largest that can be read is moved, too. */
  private boolean moveById(List<EntryId> ids) {
    List<WholeEntry> entries = new ArrayList<>();
    List<EntryId> chunk = new ArrayList<>();
    long bytes = 0;
    int gone = 0;
    for (EntryId id : ids) {
      Optional<WholeEntry> entry = fetch(id);
      chunk.add(id);
      if (entry.isPresent()) {
        entries.add(entry.get());
        bytes += entry.get().bytes();
      } else {
        gone++;
      }
      if (bytes >= MOST_BYTES) {
        if (!renewInTime() || !move(entries, chunk)) {
          return false;
        }
        entries.clear();
        chunk.clear();
        bytes = 0;
      }
    }
    lost(gone);
    return renewInTime() && move(entries, chunk);
  }

  private void lost(int entries) {
    if (entries > 0) {
      metrics.claimedDeleted(entries);
      LOG.atWarn()
          .addKeyValue("stream", stream)
          .addKeyValue("entries", entries)
          .log("the stream was trimmed before these entries were split; they are lost");
    }
  }

  private Optional<WholeEntry> fetch(EntryId id) {
    List<Object> found =
        get(
            link.list(
                CommandType.XRANGE,
                Link.args().addKey(stream).add(id.toString()).add(id.toString())));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    WholeEntry entry = WholeEntry.ofRow(found.getFirst());
    if (!entry.isWhole()) {
      tooLarge.say(
          unsaid ->
              LOG.atWarn()
                  .addKeyValue("stream", stream)
                  .addKeyValue("entry", id)
                  .addKeyValue("unsaid", unsaid)
                  .log(
                      "an entry is too large, or has too many fields; it goes to its partition"
                          + " without what is too much"));
    }
    return Optional.of(entry.cut());
  }

  private boolean move(List<WholeEntry> entries, List<EntryId> ids) {
    if (!entries.isEmpty() && !get(appender.append(entries))) {
      LOG.atWarn()
          .addKeyValue("stream", stream)
          .log("a partition has lost entries that were appended; appending them again");
      return false;
    }
    if (ids.isEmpty()) {
      return true;
    }
    settlements++;
    Settlement settlement = new Settlement(0, grant, settlements, ids);
    return get(calls.settle(List.of(settlement))).get(0) == Settlement.Result.TAKEN;
  }

  private boolean renewInTime() {
    if (nanoTime.getAsLong() - renewAt < 0) {
      return true;
    }
    Renewed renewed = get(leases.renew(Map.of(0, grant))).get(0);
    renewAt = nanoTime.getAsLong() + term.toNanos() / 3;
    return renewed != null && renewed.settlements() == settlements;
  }

  /** Waits for an entry after the last one, without reading it. */
  private void await(String last) {
    Duration wait =
        LONGEST_WAIT.compareTo(term.dividedBy(3)) < 0 ? LONGEST_WAIT : term.dividedBy(3);
    get(
        waiting.list(
            CommandType.XREAD,
            Link.args()
                .add("COUNT")
                .add(1)
                .add("BLOCK")
                .add(wait.toMillis())
                .add("STREAMS")
                .addKey(stream)
                .add(last)));
  }

  /** Waits without a limit, since the client ends each call by its time-out. */
  private static <T> T get(CompletableFuture<T> call) {
    return call.join();
  }
}
