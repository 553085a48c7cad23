package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.RawEntry.Content;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.EntrySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition under its lease: first all pending entries, then new ones, as far as credits
 * permit. Without new entries it waits by an {@code XREAD}, which delivers nothing, on a connection
 * of its own. Belongs to the loop.
 */
public final class PartitionReader implements EntrySource {

  /** The operations, in metrics and logs. */
  public static final String TAKE = "take what is pending in a partition";

  public static final String READ = "read a partition";
  public static final String WAIT = "wait for entries of a partition";

  private static final String BEGIN = "-";

  private final EventLoop loop;
  private final Leases leases;
  private final Link waiting;
  private final Owned owned;
  private final Duration block;
  private final int batchSize;
  private final Credits credits;
  private final BatchDecoder decoder;
  private final RandomGenerator random;

  private boolean running;
  private boolean busy;
  private boolean reading;
  private boolean backingOff;
  private int failures;

  /** The start of the next page of pending entries; null after the last page. */
  private @Nullable String page = BEGIN;

  /** Whether the pending entries were not read completely under this grant yet. */
  private boolean isFirstLook = true;

  /** The last entry, after which to wait for more; null if there may be more. */
  private @Nullable String dryAt;

  private long reads;

  /**
   * A partition under a grant.
   *
   * @param stream the stream of the partition
   * @param lost called when the lease is lost, or Redis has other counts
   */
  public record Owned(int partition, String stream, Grant grant, Runnable lost) {}

  /**
   * @param waiting a connection for waits only, since they delay all commands behind them
   * @param block how long a wait lasts in the server
   * @param batchSize the most entries of one read
   */
  public PartitionReader(
      EventLoop loop,
      Leases leases,
      Link waiting,
      Owned owned,
      Duration block,
      int batchSize,
      Credits credits,
      BatchDecoder decoder,
      RandomGenerator random) {
    this.loop = loop;
    this.leases = leases;
    this.waiting = waiting;
    this.owned = owned;
    this.block = block;
    this.batchSize = batchSize;
    this.credits = credits;
    this.decoder = decoder;
    this.random = random;
  }

  @Override
  public void start(Arrivals arrivals) {
    running = true;
    turn(arrivals);
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public void lookForLost() {
    if (page == null) {
      page = BEGIN;
    }
  }

  @Override
  public boolean idle() {
    return !busy;
  }

  @Override
  public boolean reading() {
    return reading;
  }

  /** Whether Redis counted the same number of reads; true while one is in progress. */
  public boolean agrees(long counted) {
    return busy || counted == reads;
  }

  @Override
  public void turn(Arrivals arrivals) {
    if (!running || busy || backingOff) {
      return;
    }
    String start = page;
    String last = dryAt;
    if (start != null) {
      if (arrivals.mayLook()) {
        take(start, arrivals);
      }
    } else if (arrivals.mayRead()) {
      int count = Math.min(batchSize, credits.forReading());
      if (count > 0 && last != null) {
        await(last, count, arrivals);
      } else if (count > 0) {
        read(count, arrivals);
      }
    }
  }

  // --- pending entries

  private void take(String start, Arrivals arrivals) {
    busy = true;
    leases
        .take(owned.partition(), owned.grant(), start)
        .whenComplete(
            (pages, failure) ->
                loop.execute(
                    () -> {
                      busy = false;
                      if (failure != null) {
                        failed(TAKE, failure, arrivals);
                      } else if (pages.isEmpty()) {
                        lost();
                      } else {
                        worked(TAKE, arrivals);
                        taken(pages.getFirst(), arrivals);
                      }
                      arrivals.looked();
                    }));
  }

  private void taken(Leases.Page ids, Arrivals arrivals) {
    for (EntryId id : ids.ids()) {
      arrivals.pendingForUs(id, isFirstLook);
    }
    page = ids.next().isEmpty() ? null : ids.next();
    isFirstLook &= page != null;
  }

  // --- new entries

  private void read(int count, Arrivals arrivals) {
    long room = credits.reserve(count, 1);
    if (room == 0) {
      return;
    }
    begin(count);
    long sent = loop.now();
    leases
        .read(owned.partition(), owned.grant(), reads, count)
        .thenApply(came -> decoded(came, room, sent))
        .whenComplete(
            (came, failure) ->
                loop.execute(
                    () -> {
                      end(count);
                      if (failure != null) {
                        credits.giveBack(room);
                        // Redis may have delivered entries whose reply was lost.
                        lookForLost();
                        failed(READ, failure, arrivals);
                      } else {
                        credits.giveBack(room - came.batch().bytes());
                        worked(READ, arrivals);
                        arrived(came, arrivals);
                      }
                    }));
  }

  private record Came(PartitionRead read, Batch batch, long bytes) {}

  /** On the client's thread. Entries without room are left out, and fetched when there is room. */
  private Came decoded(PartitionRead read, long room, long sent) {
    if (!(read instanceof PartitionRead.Entries(List<RawEntry> entries))) {
      return new Came(read, Batch.EMPTY, 0);
    }
    List<RawEntry> fitting = new ArrayList<>(entries.size());
    long bytes = 0;
    long left = room;
    for (RawEntry entry : entries) {
      int size = entry.data() == null ? 0 : entry.data().length;
      bytes += size;
      boolean fits = size <= left;
      left -= fits ? size : 0;
      fitting.add(fits ? entry : new RawEntry(entry.id(), 1, Content.LEFT_OUT, null, null, null));
    }
    return new Came(read, decoder.decode(fitting, sent), bytes);
  }

  private void arrived(Came came, Arrivals arrivals) {
    switch (came.read()) {
      case PartitionRead.Entries(List<RawEntry> entries) -> {
        reads++;
        Batch batch = came.batch();
        credits.seen(entries.size(), came.bytes());
        credits.taken(batch.size());
        arrivals.arrived(batch);
      }
      case PartitionRead.Nothing(String last) -> dryAt = last;
      case PartitionRead.Lost() -> lost();
      case PartitionRead.CountedOtherwise(long _) -> lost();
    }
  }

  /** Waits until there is an entry after the last one, which is then read under the lease. */
  private void await(String last, int count, Arrivals arrivals) {
    begin(count);
    waiting
        .list(
            CommandType.XREAD,
            Link.args()
                .add("COUNT")
                .add(1)
                .add("BLOCK")
                .add(block.toMillis())
                .add("STREAMS")
                .addKey(owned.stream())
                .add(last))
        .whenComplete(
            (found, failure) ->
                loop.execute(
                    () -> {
                      end(count);
                      // Even if the wait found nothing: the stream may have started again with
                      // smaller ids.
                      dryAt = null;
                      if (failure != null) {
                        failed(WAIT, failure, arrivals);
                      } else {
                        worked(WAIT, arrivals);
                      }
                    }));
  }

  private void begin(int count) {
    busy = true;
    reading = true;
    credits.reading(count);
  }

  private void end(int count) {
    busy = false;
    reading = false;
    credits.read(count);
  }

  private void lost() {
    running = false;
    owned.lost().run();
  }

  private void worked(String what, Arrivals arrivals) {
    failures = 0;
    arrivals.worked(what);
  }

  private void failed(String what, Throwable failure, Arrivals arrivals) {
    backingOff = true;
    failures++;
    if (running) {
      arrivals.failed(what, failure);
    }
    loop.after(
        Backoff.REDIS.after(failures, random),
        () -> {
          backingOff = false;
          turn(arrivals);
        });
  }
}
