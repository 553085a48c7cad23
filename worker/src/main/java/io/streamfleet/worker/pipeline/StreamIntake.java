package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.metrics.StreamMetrics;
import io.streamfleet.worker.pending.PendingEntries;
import io.streamfleet.worker.pending.Sweeper;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.StreamReader;
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
final class StreamIntake implements Arrivals, Sweeper.Claims, GroupRecovery.Owner {

  /**
   * Ids that wait for room cost memory too: more of them stay in Redis until these are in flight.
   */
  private static final int MOST_WAITING = 10_000;

  /** What is answered only where there is a group. */
  private static final Set<String> NEEDS_GROUP =
      Set.of(StreamReader.READ, StreamReader.LOOK, FetchQueue.FETCH);

  private final PipelineContext pipeline;
  private final StreamConsumer stream;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final PendingEntries pending = new PendingEntries();

  private final IntakeParts parts;
  private final Cancellation cancellation;
  private final Ownership ownership;
  private final FetchQueue fetchQueue;
  private final Rejections rejections;
  private final GroupRecovery recovery;
  private boolean looking;

  StreamIntake(
      PipelineContext pipeline,
      StreamConsumer stream,
      StreamMetrics metrics,
      Credits credits,
      RandomGenerator random,
      Function<StreamIntake, IntakeParts> parts) {
    this.pipeline = pipeline;
    this.stream = stream;
    this.metrics = metrics;
    this.credits = credits;
    this.parts = parts.apply(this);
    this.recovery = this.parts.recovery();
    this.cancellation = new Cancellation(pipeline, this, pending);
    this.ownership =
        new Ownership(
            pipeline,
            stream,
            metrics,
            credits,
            pending,
            this.parts.renewal(),
            cancellation,
            recovery,
            this,
            random);
    this.fetchQueue =
        new FetchQueue(pipeline, credits, pending, this.parts.fetcher(), this::fetched, this);
    this.rejections =
        new Rejections(pipeline, stream, metrics, credits, pending, this.parts.deadLetters());
  }

  StreamConsumer stream() {
    return stream;
  }

  StreamMetrics metrics() {
    return metrics;
  }

  PendingEntries pending() {
    return pending;
  }

  IntakeParts parts() {
    return parts;
  }

  Ownership ownership() {
    return ownership;
  }

  FetchQueue fetchQueue() {
    return fetchQueue;
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

  /** Whether something may be taken in by what was asked for already. */
  boolean awaits() {
    return parts.source().reading() || fetchQueue.underWay();
  }

  /** Whether anything may come in: not while nothing can be settled. */
  private boolean open() {
    return mayTakeIn() && !pipeline.settlement().stuck();
  }

  /** Not during a pause, nor while the group is made again. */
  private boolean mayTakeIn() {
    return pipeline.intakeSwitch().isOpen() && !recovery.underWay();
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
    boolean may = mayTakeIn() && fetchQueue.idle() && !parts.sweeper().busy();
    looking = may;
    return may;
  }

  @Override
  public boolean mayRead() {
    return takesMore() && fetchQueue.idle();
  }

  @Override
  public boolean pendingForUs(EntryId id, boolean lifeBefore) {
    if (!rejections.isDeadLettering(id)) {
      pending.await(id, lifeBefore);
    }
    return pending.waitingCount() < MOST_WAITING;
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
    return takesMore() && fetchQueue.idle() && !looking;
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
    rejections.deleted(ids);
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
      fetchQueue.fetchWaiting();
    }
  }

  private void fetched(Batch batch, List<EntryId> reached) {
    accept(batch);
    // Those that did not come are not ours.
    cancellation.forget(reached);
  }

  /** Whether ids wait for room; during a pause they wait for its end, and keep room from nobody. */
  boolean waits() {
    return pipeline.intakeSwitch().isOpen() && pending.hasWaiting();
  }

  // --- into the pipeline

  private void accept(Batch batch) {
    pipeline.loop().assertOwned();
    batch.rejected().forEach(rejections::reject);
    batch.leftOut().forEach(id -> pendingForUs(id, false));
    for (Entry entry : batch.entries()) {
      if (pipeline.draining() || !pending.take(entry)) {
        credits.gone(entry);
      } else {
        pipeline.internalFailures().takeIn(entry, cancellation);
      }
    }
  }

  // --- the group is lost and found

  @Override
  public Map<EntryId, Integer> withUs() {
    Map<EntryId, Integer> ids = new HashMap<>();
    pending.waitingIds().forEach(id -> ids.put(id, 1));
    pending.parked().forEach(id -> ids.put(id, 1));
    pending.entries().forEach(entry -> ids.put(entry.entryId(), entry.attempt()));
    return ids;
  }

  @Override
  public void recovered() {
    metrics.groupLost();
    fetchQueue.goOn();
    renewAll();
  }

  // --- in flight

  /**
   * Renews all that is pending for us, and has the pending list compared with what is in flight.
   */
  void renewAll() {
    ownership.renewAll();
    parts.source().lookForLost();
  }

  @Nullable Entry inFlight(EntryId id) {
    return pending.entry(id);
  }

  Cancellation cancellation() {
    return cancellation;
  }
}
