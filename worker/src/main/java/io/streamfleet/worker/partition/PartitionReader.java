package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.EntrySource;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition under one grant of its lease: first all that is pending, then new entries, by
 * credit. With nothing to read it {@linkplain ArrivalWait waits}. Belongs to the loop.
 */
public final class PartitionReader implements EntrySource {

  /** The operations, in metrics and logs. */
  public static final String TAKE = "take what is pending in a partition";

  public static final String READ = "read a partition";
  public static final String WAIT = "wait for entries of a partition";

  /** All of them. */
  public static final List<String> OPERATIONS = List.of(TAKE, READ, WAIT);

  private static final String BEGIN = "-";

  private final EventLoop loop;
  private final Leases leases;
  private final ArrivalWait waiting;
  private final HeldPartition owned;
  private final IntSupplier batchSize;
  private final Credits credits;
  private final BatchDecoder decoder;
  private final RandomGenerator random;

  private boolean running;
  private boolean busy;
  private boolean reading;
  private boolean isWaiting;
  private boolean abandoned;
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
   * @param batchSize the most that one read asks for
   */
  public PartitionReader(
      EventLoop loop,
      Leases leases,
      ArrivalWait waiting,
      HeldPartition owned,
      IntSupplier batchSize,
      Credits credits,
      BatchDecoder decoder,
      RandomGenerator random) {
    this.loop = loop;
    this.leases = leases;
    this.waiting = waiting;
    this.owned = owned;
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
    if (isWaiting) {
      isWaiting = false;
      waiting.cancel(owned.stream());
    }
  }

  /** Stops for good: the lease is not ours, and what was read under it is the next owner's. */
  public void abandon() {
    abandoned = true;
    stop();
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

  @Override
  public boolean isOff() {
    return isWaiting;
  }

  /** How many reads have delivered something. */
  public CallCount count() {
    return new CallCount(reads, reading);
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
    } else if (!isWaiting && arrivals.mayRead()) {
      if (last != null) {
        await(last, arrivals);
        return;
      }
      int count = Math.min(batchSize.getAsInt(), credits.forReading());
      if (count > 0) {
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
                      } else if (abandoned) {
                        return;
                      } else if (pages.isEmpty()) {
                        lost();
                      } else {
                        worked(TAKE, arrivals);
                        taken(pages.getFirst(), arrivals);
                      }
                      arrivals.looked();
                    }));
  }

  private void taken(Page ids, Arrivals arrivals) {
    String next = ids.next().isEmpty() ? null : ids.next();
    if (!ids.gone().isEmpty()) {
      arrivals.deleted(ids.gone());
    }
    for (EntryId id : ids.ids()) {
      boolean room =
          ids.fromOthers().contains(id)
              ? arrivals.pendingFromAnother(id)
              : arrivals.pendingForUs(id, isFirstLook && owned.isFirst());
      if (!room) {
        // What comes behind it is looked at again when there is room; it is ours already.
        next = "(" + id;
        break;
      }
    }
    page = next;
    isFirstLook &= next != null;
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
        .thenApply(came -> PartitionBatch.of(came, decoder, room, sent))
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
                        if (abandoned) {
                          credits.giveBack(came.batch().bytes());
                          return;
                        }
                        worked(READ, arrivals);
                        arrived(came, count, arrivals);
                      }
                    }));
  }

  private void arrived(PartitionBatch came, int asked, Arrivals arrivals) {
    switch (came.read()) {
      case PartitionRead.Entries(List<RawEntry> entries) -> {
        reads++;
        Batch batch = came.batch();
        credits.seen(entries.size(), came.bytes());
        credits.taken(batch.size());
        if (entries.size() < asked) {
          dryAt = entries.getLast().id().toString();
        }
        arrivals.arrived(batch);
      }
      case PartitionRead.Nothing(String last) -> dryAt = last;
      case PartitionRead.Lost() -> lost();
      case PartitionRead.CountedOtherwise(long _) -> lost();
    }
  }

  /** Waits until there is an entry behind the last one; it is read under the lease then. */
  private void await(String last, Arrivals arrivals) {
    isWaiting = true;
    waiting.await(
        owned.stream(),
        last,
        failure -> {
          isWaiting = false;
          // Also after a wait in vain: the stream may have begun anew with smaller ids.
          dryAt = null;
          if (failure != null) {
            failed(WAIT, failure, arrivals);
          } else {
            worked(WAIT, arrivals);
          }
        });
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
