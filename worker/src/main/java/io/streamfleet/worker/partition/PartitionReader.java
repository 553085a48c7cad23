package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.read.EntrySource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition under one grant of its lease: first all that is pending, then new entries,
 * {@linkplain PartitionReads together with other partitions}. With nothing to read it {@linkplain
 * ArrivalWait waits}. Belongs to the loop.
 */
public final class PartitionReader implements EntrySource {

  /** The operations, in metrics and logs. */
  public static final String TAKE = "take what is pending in a partition";

  public static final String WAIT = "wait for entries of a partition";

  /** All of them. */
  public static final List<String> OPERATIONS = List.of(TAKE, PartitionReads.READ, WAIT);

  private static final String BEGIN = "-";

  private final EventLoop loop;
  private final OwnerCalls calls;
  private final ArrivalWait waiting;
  private final HeldPartition owned;
  private final BatchDecoder decoder;
  private final RandomGenerator random;

  private @Nullable Arrivals arrivals;
  private boolean running;
  private boolean taking;
  private boolean reading;
  private boolean isWaiting;
  private boolean abandoned;
  private boolean backingOff;
  private int failures;

  /** The start of the next page of pending entries; null after the last page. */
  private @Nullable String page = BEGIN;

  /** How often the first page was taken under this grant. */
  private int looks;

  private Fenced fenced;

  /** Whether the pending entries were not read completely under this grant yet. */
  private boolean isFirstLook = true;

  /** The newest entry when what is pending was looked at, or that was read since. */
  private EntryId newest = EntryId.ZERO;

  /** Whether the last read brought nothing. */
  private boolean isDry;

  public PartitionReader(
      EventLoop loop,
      OwnerCalls calls,
      ArrivalWait waiting,
      HeldPartition owned,
      BatchDecoder decoder,
      RandomGenerator random) {
    this.loop = loop;
    this.calls = calls;
    this.waiting = waiting;
    this.owned = owned;
    this.decoder = decoder;
    this.random = random;
    this.fenced = calls.fenced(owned.partition(), owned.grant(), looks);
  }

  @Override
  public void start(Arrivals takesIn) {
    arrivals = takesIn;
    running = true;
    turn(takesIn);
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
    return !taking && !reading;
  }

  @Override
  public boolean reading() {
    return reading;
  }

  @Override
  public boolean isOff() {
    return isWaiting;
  }

  @Override
  public void turn(Arrivals takesIn) {
    if (!running || backingOff || !idle()) {
      return;
    }
    String start = page;
    if (start != null) {
      if (takesIn.mayLook()) {
        take(start, takesIn);
      }
    } else if (isDry && !isWaiting && takesIn.mayRead()) {
      await(takesIn);
    }
  }

  // --- pending entries

  private void take(String start, Arrivals takesIn) {
    taking = true;
    int look = start.equals(BEGIN) ? looks + 1 : looks;
    calls
        .take(owned.partition(), owned.grant(), start, look)
        .whenComplete(
            (pages, failure) ->
                loop.execute(
                    () -> {
                      taking = false;
                      if (failure != null) {
                        failed(TAKE, failure);
                      } else if (abandoned) {
                        return;
                      } else if (pages.isEmpty()) {
                        lost();
                      } else {
                        looks = look;
                        fenced = calls.fenced(owned.partition(), owned.grant(), look);
                        worked(TAKE, takesIn);
                        taken(pages.getFirst(), takesIn);
                      }
                      takesIn.looked();
                    }));
  }

  private void taken(Page ids, Arrivals takesIn) {
    String next = ids.next().isEmpty() ? null : ids.next();
    if (!ids.gone().isEmpty()) {
      takesIn.deleted(ids.gone());
    }
    for (EntryId id : ids.ids()) {
      boolean room =
          ids.fromOthers().contains(id)
              ? takesIn.pendingFromAnother(id)
              : takesIn.pendingForUs(id, isFirstLook && owned.isFirst());
      if (!room) {
        // What comes behind it is looked at again when there is room; it is ours already.
        next = "(" + id;
        break;
      }
    }
    page = next;
    newest = ids.newest();
    isDry = false;
    isFirstLook &= next != null;
  }

  // --- new entries

  /** Whether it has something to read, and may. */
  boolean mayRead() {
    Arrivals takesIn = arrivals;
    return running
        && page == null
        && !isDry
        && !backingOff
        && idle()
        && takesIn != null
        && takesIn.mayRead();
  }

  /** Whether it will never read again. */
  boolean isAbandoned() {
    return abandoned;
  }

  /** What a read names. */
  Fenced fenced() {
    return fenced;
  }

  void readBegins() {
    reading = true;
  }

  void readEnds() {
    reading = false;
  }

  /** Decodes what a read brought; from any thread. */
  Batch decoded(List<RawEntry> raw, long sent) {
    return decoder.decode(raw, sent);
  }

  /** A read brought these. Returns whether they are to come in. */
  boolean accepts(List<RawEntry> raw) {
    Arrivals takesIn = arrivals;
    if (abandoned || takesIn == null) {
      return false;
    }
    worked(PartitionReads.READ, takesIn);
    isDry = raw.isEmpty();
    newest = isDry ? newest : raw.getLast().id();
    return true;
  }

  /** Takes in what was accepted. */
  void arrived(Batch batch) {
    Arrivals takesIn = arrivals;
    if (takesIn != null) {
      takesIn.arrived(batch);
    }
  }

  /** Nobody knows what a read has delivered. */
  void readFailed(Throwable failure) {
    lookForLost();
    if (String.valueOf(failure.getMessage()).contains("'" + fenced.fence() + "'")) {
      // A look tells whether the lease is lost.
      backOff();
    } else {
      failed(PartitionReads.READ, failure);
    }
  }

  /** Waits until there is an entry behind the last one; it is read under the lease then. */
  private void await(Arrivals takesIn) {
    isWaiting = true;
    waiting.await(
        owned.stream(),
        newest.toString(),
        failure -> {
          isWaiting = false;
          // Also after a wait in vain: the stream may have begun anew with smaller ids.
          isDry = false;
          if (failure != null) {
            failed(WAIT, failure);
          } else {
            worked(WAIT, takesIn);
          }
        });
  }

  private void lost() {
    running = false;
    owned.lost().run();
  }

  private void worked(String what, Arrivals takesIn) {
    failures = 0;
    takesIn.worked(what);
  }

  private void failed(String what, Throwable failure) {
    Arrivals takesIn = arrivals;
    if (running && takesIn != null) {
      takesIn.failed(what, failure);
    }
    backOff();
  }

  private void backOff() {
    backingOff = true;
    failures++;
    loop.after(Backoff.REDIS.after(failures, random), () -> backingOff = false);
  }
}
