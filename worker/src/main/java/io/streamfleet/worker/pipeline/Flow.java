package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.control.Notices;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.observe.StreamMetrics;
import io.streamfleet.worker.own.Fetcher;
import io.streamfleet.worker.own.Hand;
import io.streamfleet.worker.own.Renewal;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.EntrySource;
import io.streamfleet.worker.reclaim.Sweeper;
import io.streamfleet.worker.settle.DeadLetters;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What comes in from one stream, by whichever way: read, claimed, handed over, found again. Belongs
 * to the pipeline's loop.
 */
final class Flow implements Arrivals, Sweeper.Claims {

  /** Ids that wait for room cost memory too: more of them stay in Redis until these are in hand. */
  private static final int MOST_WAITING = 10_000;

  private final Pipeline pipeline;
  private final StreamName stream;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final Hand hand = new Hand();

  private final Parts parts;
  private final Cancelling cancelling;
  private final Ownership ownership;
  private final Fetching fetching;
  private final Rejecting rejecting;
  private boolean looking;

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
      RandomGenerator random,
      Function<Flow, Parts> parts) {
    this.pipeline = pipeline;
    this.stream = stream;
    this.metrics = metrics;
    this.credits = credits;
    this.parts = parts.apply(this);
    this.cancelling = new Cancelling(pipeline, this, hand);
    this.ownership =
        new Ownership(
            pipeline, stream, metrics, credits, hand, this.parts.renewal(), cancelling, random);
    this.fetching = new Fetching(pipeline, credits, hand, this.parts.fetcher(), this::fetched);
    this.rejecting = new Rejecting(pipeline, stream, metrics, credits, hand, this.parts.letters());
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

  Ownership ownership() {
    return ownership;
  }

  Fetching fetching() {
    return fetching;
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
    boolean may = fetching.idle() && !parts.sweeper().busy();
    looking = may;
    return may;
  }

  @Override
  public boolean mayRead() {
    return fetching.idle() && !pipeline.tooManyParked();
  }

  @Override
  public boolean pendingForUs(EntryId id, boolean lifeBefore) {
    if (!rejecting.isBurying(id)) {
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
    return fetching.idle() && !looking && !pipeline.tooManyParked();
  }

  @Override
  public void claimed(Batch batch) {
    metrics.claimed(batch.size());
    accept(batch);
  }

  @Override
  public void deleted(List<EntryId> ids) {
    rejecting.deleted(ids);
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
    if (!looking) {
      fetching.fetchWaiting();
    }
  }

  private void fetched(Batch batch, List<EntryId> asked) {
    accept(batch);
    // Those that did not come are not ours.
    cancelling.forget(asked);
  }

  // --- into the pipeline

  private void accept(Batch batch) {
    batch.rejected().forEach(rejecting::reject);
    for (Entry entry : batch.entries()) {
      if (pipeline.draining() || !hand.take(entry)) {
        credits.gone(1);
      } else if (!cancelling.stops(entry)) {
        pipeline.accept(entry);
      }
    }
  }

  // --- in hand

  /** Renews all that is pending for us, and has the pending list compared with what is in hand. */
  void renewAll() {
    ownership.renewAll();
    parts.source().lookForLost();
  }

  /** Entries in hand that the handler has begun with: leaving them is leaving them tried. */
  List<EntryId> tried() {
    return hand.entries().stream()
        .filter(entry -> entry.startedAt() != 0)
        .map(Entry::entryId)
        .toList();
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
        pipeline.loop().execute(() -> cancelling.entry(id));
      }

      @Override
      public void cancelChannel(String channel) {
        pipeline.loop().execute(() -> cancelling.channel(channel));
      }
    };
  }
}
