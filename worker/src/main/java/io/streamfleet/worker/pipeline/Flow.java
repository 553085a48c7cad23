package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.observe.StreamMetrics;
import io.streamfleet.worker.own.Fetcher;
import io.streamfleet.worker.own.Hand;
import io.streamfleet.worker.own.Renewal;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.Batch.Rejected;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.EntrySource;
import io.streamfleet.worker.reclaim.Sweeper;
import io.streamfleet.worker.settle.DeadLetters;
import io.streamfleet.worker.settle.Reason;
import io.streamfleet.worker.settle.Traces;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What comes in from one stream, by whichever way: read, claimed, handed over, found again. Belongs
 * to the pipeline's loop.
 */
final class Flow implements Arrivals, Sweeper.Claims, Renewal.Verdict {

  /** Ids in one fetch: each brings a payload, and a reply of some 100 KiB is a good size. */
  private static final int FETCH = 250;

  /** Ids that wait for room cost memory too: more of them stay in Redis until these are in hand. */
  private static final int MOST_WAITING = 10_000;

  private final Pipeline pipeline;
  private final StreamName stream;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final Hand hand = new Hand();

  /** Ids that are on their way to the dead letters without having been in hand. */
  private final Set<EntryId> burying = new HashSet<>();

  /** Ids that a user stopped before they were in hand. */
  private final Set<EntryId> cancelling = new HashSet<>();

  private final Parts parts;
  private boolean looking;
  private int fetching;
  private boolean fetchPaused;

  /** The parts that a flow is made of; they need the flow to be made. */
  interface Parts {

    EntrySource source();

    Sweeper sweeper();

    Fetcher fetcher();

    Renewal renewal();

    DeadLetters letters();
  }

  Flow(
      Pipeline pipeline,
      StreamName stream,
      StreamMetrics metrics,
      Credits credits,
      Function<Flow, Parts> parts) {
    this.pipeline = pipeline;
    this.stream = stream;
    this.metrics = metrics;
    this.credits = credits;
    this.parts = parts.apply(this);
  }

  StreamName stream() {
    return stream;
  }

  StreamMetrics metrics() {
    return metrics;
  }

  Hand hand() {
    return hand;
  }

  Parts parts() {
    return parts;
  }

  /** What is pending already comes first, in all streams: it is older than what can be read. */
  void bringInPending() {
    fetchWaiting();
    parts.sweeper().turn();
  }

  void read() {
    parts.source().turn();
  }

  // --- what the reader brings

  @Override
  public void arrived(Batch batch) {
    pipeline.reading(stream, true);
    metrics.read(batch.size());
    accept(batch);
  }

  @Override
  public void nothingNew() {
    pipeline.reading(stream, true);
  }

  @Override
  public boolean mayLook() {
    boolean may = fetching == 0 && !hand.hasWaiting() && !parts.sweeper().busy();
    looking = may;
    return may;
  }

  @Override
  public boolean mayRead() {
    // What is being fetched is older than what a read would bring, and could arrive after it.
    return fetching == 0 && !hand.hasWaiting() && !pipeline.tooManyParked();
  }

  @Override
  public boolean pendingForUs(EntryId id, boolean lifeBefore) {
    if (!burying.contains(id)) {
      hand.await(id, lifeBefore);
    }
    return hand.waitingCount() < MOST_WAITING;
  }

  @Override
  public void looked() {
    looking = false;
    fetchWaiting();
  }

  @Override
  public void failed(String what, Throwable failure) {
    looking = false;
    pipeline.reading(stream, false);
    pipeline.trouble(what, failure);
  }

  // --- what the sweeper brings

  boolean mayClaim() {
    // A claim that overtakes a fetch of the same entries would count their delivery twice.
    return fetching == 0 && !looking && !hand.hasWaiting() && !pipeline.tooManyParked();
  }

  @Override
  public void claimed(Batch batch) {
    metrics.claimed(batch.size());
    accept(batch);
  }

  @Override
  public void deleted(List<EntryId> all) {
    // What is in hand has its payload here, and is handled.
    List<EntryId> ids = all.stream().filter(id -> hand.entry(id) == null).toList();
    metrics.claimedDeleted(ids.size());
    ids.forEach(
        id ->
            parts
                .letters()
                .bury(
                    id,
                    new DeadLetters.Verdict(
                        Reason.PAYLOAD_LOST,
                        "the stream was trimmed while the entry was pending",
                        0),
                    false,
                    written -> metrics.deadLettered(Reason.PAYLOAD_LOST)));
  }

  @Override
  public void sweepFailed(Throwable failure) {
    pipeline.trouble("sweep", failure);
  }

  // --- what is known by id

  void handedToUs(List<EntryId> ids) {
    if (!pipeline.draining()) {
      ids.forEach(id -> pendingForUs(id, false));
      fetchWaiting();
    }
  }

  private void fetchWaiting() {
    int room = Math.min(FETCH, credits.forPending());
    if (pipeline.draining()
        || fetching > 0
        || fetchPaused
        || looking
        || room == 0
        || !hand.hasWaiting()) {
      return;
    }
    List<Hand.Waiting> next = hand.nextWaiting(room);
    boolean redelivered = next.getFirst().redelivered();
    fetch(
        next.stream().map(Hand.Waiting::id).toList(),
        redelivered,
        answered -> {
          if (!answered) {
            hand.putBack(next);
            fetchPaused = true;
            pipeline.later(() -> fetchPaused = false);
          }
        });
  }

  /** Fetches entries into hand; tells whether Redis answered. */
  private void fetch(List<EntryId> ids, boolean redelivered, Consumer<Boolean> then) {
    fetching++;
    credits.fetching(ids.size());
    parts
        .fetcher()
        .fetch(
            ids,
            redelivered,
            (batch, failure) -> {
              fetching--;
              credits.fetched(ids.size());
              if (batch != null) {
                credits.taken(batch.size());
                accept(batch);
                // Those that did not come are not ours.
                ids.forEach(cancelling::remove);
              } else if (failure != null) {
                pipeline.trouble("fetch", failure);
              }
              then.accept(batch != null);
            });
  }

  /** Brings parked entries back; tells whether Redis answered. */
  void fetchParked(List<EntryId> ids, Consumer<Boolean> then) {
    fetch(
        ids,
        false,
        answered -> {
          if (answered) {
            ids.forEach(hand::unpark);
          }
          then.accept(answered);
        });
  }

  // --- into the pipeline

  private void accept(Batch batch) {
    for (Rejected rejected : batch.rejected()) {
      reject(rejected);
    }
    for (Entry entry : batch.entries()) {
      if (pipeline.draining() || !hand.take(entry)) {
        credits.gone(1);
      } else if (cancelling.remove(entry.entryId())) {
        pipeline.settlement().cancel(this, entry);
      } else {
        pipeline.accept(entry);
      }
    }
  }

  private void reject(Rejected rejected) {
    EntryId id = rejected.entry().id();
    if (pipeline.draining() || hand.entry(id) != null || !burying.add(id)) {
      credits.gone(1);
      return;
    }
    pipeline.sayDeadLetter(stream, id, rejected.reason(), rejected.error());
    parts
        .letters()
        .bury(
            id,
            new DeadLetters.Verdict(
                rejected.reason(), rejected.error(), rejected.entry().deliveries()),
            true,
            written -> {
              burying.remove(id);
              credits.gone(1);
              if (written) {
                metrics.deadLettered(rejected.reason());
                if (rejected.reason().equals(Reason.PAYLOAD_LOST)) {
                  metrics.claimedDeleted(1);
                }
                String trace = rejected.entry().trace();
                if (trace != null) {
                  pipeline.traces().record(trace, Traces.State.DEAD_LETTERED);
                }
              }
            });
  }

  // --- ownership

  /** Renews all that is pending for us, and has the pending list compared with what is in hand. */
  void renewAll() {
    List<EntryId> ids = new ArrayList<>();
    for (Entry entry : hand.entries()) {
      ids.add(entry.entryId());
    }
    ids.addAll(hand.parked());
    ids.addAll(hand.waitingIds());
    parts.renewal().renew(ids, this);
    parts.source().lookForLost();
  }

  @Override
  public void renewed(List<EntryId> asked, Set<EntryId> lost, long sentAt) {
    for (EntryId id : asked) {
      Entry entry = hand.entry(id);
      if (!lost.contains(id)) {
        if (entry != null) {
          entry.owned(sentAt);
        }
      } else if (entry != null && !entry.settling()) {
        lose(entry);
      }
    }
    if (!lost.isEmpty()) {
      pipeline.forgetParked(stream, lost);
      lost.forEach(hand::unpark);
      hand.forgetWaiting(lost);
      cancelling.removeAll(lost);
    }
  }

  @Override
  public void unknown(List<EntryId> asked, Throwable failure) {
    pipeline.trouble("renew entries", failure);
  }

  /**
   * An entry is another's, or was settled by another: it leaves the hand, and its handler stops.
   */
  void lose(Entry entry) {
    if (drop(entry)) {
      metrics.lost(1);
      if (!pipeline.trackOf(entry).remove(entry)) {
        entry.interrupt(Interruption.ENTRY_LOST);
      }
    }
  }

  /** An entry leaves the hand; false if it has already. */
  boolean drop(Entry entry) {
    boolean dropped = hand.drop(entry);
    if (dropped) {
      credits.gone(1);
    }
    return dropped;
  }

  void park(Entry entry) {
    if (hand.entry(entry.entryId()) == entry) {
      hand.park(entry);
      credits.gone(1);
    }
  }

  /** Entries in hand that the handler has begun with: leaving them is leaving them tried. */
  List<EntryId> tried() {
    return hand.entries().stream()
        .filter(entry -> entry.startedAt() != 0)
        .map(Entry::entryId)
        .toList();
  }

  void doubt(List<EntryId> ids) {
    for (EntryId id : ids) {
      Entry entry = hand.entry(id);
      if (entry != null) {
        entry.doubt(pipeline.loop().now());
      }
    }
  }

  void handedOver(Set<EntryId> ids) {
    metrics.handedOver(ids.size());
    for (EntryId id : ids) {
      Entry entry = hand.entry(id);
      if (entry != null) {
        drop(entry);
      }
      hand.unpark(id);
    }
  }

  /** An entry that is known by id only is cancelled when it comes, as any other is. */
  void cancelKnownById(EntryId id) {
    if (hand.parked().contains(id)) {
      pipeline.forgetParked(stream, Set.of(id));
      hand.unpark(id);
      hand.await(id, false);
    }
    if (hand.isWaiting(id)) {
      cancelling.add(id);
    }
  }

  @Nullable Entry inHand(EntryId id) {
    return hand.entry(id);
  }

  /** Hands what is heard on another thread to the loop. */
  Notices.Listener listener() {
    return new Notices.Listener() {
      @Override
      public void handedOver(List<EntryId> ids) {
        pipeline.loop().execute(() -> handedToUs(ids));
      }

      @Override
      public void sweep() {
        pipeline.loop().execute(() -> parts.sweeper().nudge());
      }

      @Override
      public void cancelEntry(EntryId id) {
        pipeline.loop().execute(() -> pipeline.cancel(Flow.this, id));
      }

      @Override
      public void cancelChannel(String channel) {
        pipeline.loop().execute(() -> pipeline.cancelChannel(Flow.this, channel));
      }
    };
  }
}
