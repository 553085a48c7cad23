package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.lock.HandOver;
import io.streamfleet.worker.observe.StreamMetrics;
import io.streamfleet.worker.own.Fetcher;
import io.streamfleet.worker.own.Hand;
import io.streamfleet.worker.own.Renewal;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.EntrySource;
import io.streamfleet.worker.read.StreamReader;
import io.streamfleet.worker.reclaim.Sweeper;
import io.streamfleet.worker.settle.DeadLetters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What comes in from one stream, by whichever way: read, claimed, handed over, found again. Belongs
 * to the pipeline's loop.
 */
final class Flow implements Arrivals, Sweeper.Claims, GroupRecovery.Owner {

  /** Ids that wait for room cost memory too: more of them stay in Redis until these are in hand. */
  private static final int MOST_WAITING = 10_000;

  /** What is answered only where there is a group. */
  private static final Set<String> NEEDS_GROUP =
      Set.of(StreamReader.READ, StreamReader.LOOK, Fetching.FETCH);

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
  private final GroupRecovery recovery;
  private boolean looking;

  /** The parts that a flow is made of; they need the flow to be made. */
  interface Parts {

    EntrySource source();

    Sweeper sweeper();

    Fetcher fetcher();

    Renewal renewal();

    DeadLetters letters();

    GroupRecovery recovery();

    HandOver handOver();
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
    this.recovery = this.parts.recovery();
    this.cancelling = new Cancelling(pipeline, this, hand);
    this.ownership =
        new Ownership(
            pipeline,
            stream,
            metrics,
            credits,
            hand,
            this.parts.renewal(),
            cancelling,
            recovery,
            this,
            random);
    this.fetching =
        new Fetching(pipeline, credits, hand, this.parts.fetcher(), this::fetched, this);
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

  GroupRecovery recovery() {
    return recovery;
  }

  void start() {
    recovery.start();
    parts.source().start();
    parts.sweeper().start();
  }

  void stop() {
    recovery.stop();
    parts.source().stop();
    parts.sweeper().stop();
  }

  /** What is pending already comes first, in all streams: it is older than what can be read. */
  void bringInPending() {
    fetchWaiting();
    parts.sweeper().turn();
  }

  void read() {
    parts.source().turn();
  }

  /** Whether something may come into hand by what was asked for already. */
  boolean awaits() {
    return parts.source().reading() || fetching.underWay();
  }

  /** Whether anything may come in: not while nothing can be settled. */
  private boolean open() {
    return mayTakeIn() && !pipeline.settlement().stuck();
  }

  /** Not during a pause, nor while the group is made again. */
  private boolean mayTakeIn() {
    return pipeline.intake().isOpen() && !recovery.underWay();
  }

  /** Whether more than what is pending for us already may come in. */
  private boolean takesMore() {
    return open() && pipeline.gate().takesIn() && !pipeline.tooManyParked();
  }

  // --- what the reader brings

  @Override
  public void arrived(Batch batch) {
    metrics.read(batch.size() + batch.leftOut().size());
    EntryId last = batch.last();
    if (last != null) {
      recovery.moved(last);
    }
    accept(batch);
  }

  @Override
  public boolean mayLook() {
    boolean may = mayTakeIn() && fetching.idle() && !parts.sweeper().busy();
    looking = may;
    return may;
  }

  @Override
  public boolean mayRead() {
    return takesMore() && fetching.idle();
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
    if (!recovery.seesTo(failure)) {
      pipeline.failing().failed(what, stream.stream(), failure);
    }
  }

  @Override
  public void worked(String what) {
    pipeline.failing().worked(what, stream.stream());
    if (NEEDS_GROUP.contains(what)) {
      recovery.works();
    }
  }

  // --- what the sweeper brings

  boolean mayClaim() {
    return takesMore() && fetching.idle() && !looking;
  }

  @Override
  public void claimed(List<EntryId> ids) {
    metrics.claimed(ids.size());
    ownership.claimed(ids);
    ids.forEach(id -> pendingForUs(id, true));
    fetchWaiting();
  }

  @Override
  public void deleted(List<EntryId> ids) {
    rejecting.deleted(ids);
  }

  // --- what is known by id

  void handedToUs(List<EntryId> ids) {
    if (!pipeline.draining()) {
      ids.forEach(id -> pendingForUs(id, false));
      fetchWaiting();
    }
  }

  private void fetchWaiting() {
    if (!looking && open()) {
      fetching.fetchWaiting();
    }
  }

  private void fetched(Batch batch, List<EntryId> reached) {
    accept(batch);
    // Those that did not come are not ours.
    cancelling.forget(reached);
  }

  /** Whether ids wait for room; during a pause they wait for its end, and keep room from nobody. */
  boolean waits() {
    return pipeline.intake().isOpen() && hand.hasWaiting();
  }

  // --- into the pipeline

  private void accept(Batch batch) {
    batch.rejected().forEach(rejecting::reject);
    batch.leftOut().forEach(id -> pendingForUs(id, false));
    for (Entry entry : batch.entries()) {
      if (pipeline.draining() || !hand.take(entry)) {
        credits.gone(entry);
      } else {
        pipeline.rescue().takeIn(entry, cancelling);
      }
    }
  }

  // --- the group is lost and found

  @Override
  public Map<EntryId, Integer> withUs() {
    Map<EntryId, Integer> ids = new HashMap<>();
    hand.waitingIds().forEach(id -> ids.put(id, 1));
    hand.parked().forEach(id -> ids.put(id, 1));
    hand.entries().forEach(entry -> ids.put(entry.entryId(), entry.attempt()));
    return ids;
  }

  @Override
  public void recovered() {
    metrics.groupLost();
    fetching.goOn();
    renewAll();
  }

  // --- in hand

  /** Renews all that is pending for us, and has the pending list compared with what is in hand. */
  void renewAll() {
    ownership.renewAll();
    parts.source().lookForLost();
  }

  @Nullable Entry inHand(EntryId id) {
    return hand.entry(id);
  }

  Cancelling cancelling() {
    return cancelling;
  }
}
