package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.DispatchOrders;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.metrics.StreamMetrics;
import io.streamfleet.worker.partition.PartitionReader;
import io.streamfleet.worker.pending.PendingEntries;
import io.streamfleet.worker.pending.Sweeper;
import io.streamfleet.worker.read.Arrivals;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.read.StreamReader;
import io.streamfleet.worker.settle.Traces;
import java.util.List;

/**
 * Takes in the entries of one stream, however they arrive (read, claimed, handed over or found
 * again), and passes each on to its order. Belongs to the pipeline's loop.
 */
final class StreamIntake implements Arrivals, Sweeper.Claims, FetchQueue.Fetched {

  /**
   * The most ids that wait to be fetched, since ids cost memory, too. Further ones stay in Redis
   * until these are in flight.
   */
  private static final int MOST_WAITING = 10_000;

  private final Shared shared;
  private final StreamParts stream;
  private final PendingEntries pending;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final KnownById known;
  private final RetrySchedule attempts;
  private final Admission admission;
  private final Settlement settlement;
  private final InternalFailures internalFailures;
  private final Traces traces;
  private final Cancellation cancellation;
  private final DispatchOrders orders;
  private final StallDetector standstill;
  private boolean looking;

  /** Whether the current comparison of pending entries had room for all ids. */
  private boolean allKnown;

  StreamIntake(
      Shared shared,
      StreamParts stream,
      KnownById known,
      RetrySchedule attempts,
      Admission admission,
      Settlement settlement,
      InternalFailures internalFailures,
      Traces traces,
      DispatchOrders orders,
      StallDetector standstill) {
    this.shared = shared;
    this.stream = stream;
    this.pending = stream.entries().pending();
    this.metrics = stream.entries().metrics();
    this.credits = shared.credits();
    this.known = known;
    this.attempts = attempts;
    this.admission = admission;
    this.settlement = settlement;
    this.internalFailures = internalFailures;
    this.traces = traces;
    this.cancellation = new Cancellation(stream.entries(), orders, settlement);
    this.orders = orders;
    this.standstill = standstill;
  }

  StreamConsumer stream() {
    return stream.stream();
  }

  StreamParts parts() {
    return stream;
  }

  StreamEntries entries() {
    return stream.entries();
  }

  Cancellation cancellation() {
    return cancellation;
  }

  void start() {
    stream.recovery().start();
    stream.fetchQueue().start(this);
    stream.source().start(this);
    if (!stream.isLeased()) {
      stream.sweeper().start();
    }
  }

  void stop() {
    stream.recovery().stop();
    stream.source().stop();
    stream.sweeper().stop();
  }

  /** Fetches and claims pending entries; before any read, since they are older than new ones. */
  void bringInPending() {
    if (stream.recovery().takeRecovered()) {
      metrics.groupLost();
      stream.fetchQueue().goOn();
      renewAll();
    }
    fetchWaiting();
    stream.sweeper().turn(this);
  }

  void read() {
    stream.source().turn(this);
  }

  /**
   * Renews all pending entries of this consumer, and compares its pending entries list with them.
   */
  void renewAll() {
    stream.ownership().renewAll();
    stream.source().lookForLost();
  }

  // --- conditions

  /** Whether a request for entries is in progress. */
  boolean awaits() {
    return stream.source().reading() || stream.fetchQueue().underWay();
  }

  /** Whether entries may come in: not while acknowledgements fail. */
  private boolean open() {
    return mayTakeIn() && !settlement.stuck();
  }

  /** Not during a pause, nor while the group is being recovered. */
  private boolean mayTakeIn() {
    return shared.intakeSwitch().isOpen() && !stream.recovery().underWay();
  }

  /** Whether entries may be read or claimed that are not pending for this consumer yet. */
  private boolean takesMore() {
    return open() && admission.takesIn() && !known.isFull();
  }

  @Override
  public boolean mayLook() {
    boolean may = mayTakeIn() && stream.fetchQueue().idle() && !stream.sweeper().busy();
    looking = may;
    if (may) {
      allKnown = true;
      orders.lookBegins(stream());
    }
    return may;
  }

  @Override
  public boolean mayRead() {
    return takesMore() && stream.fetchQueue().idle();
  }

  @Override
  public boolean mayClaim() {
    return takesMore() && stream.fetchQueue().idle() && !looking;
  }

  /** Whether ids wait for room. Not during a pause, in which they need no room. */
  boolean waits() {
    return shared.intakeSwitch().isOpen() && pending.hasWaiting();
  }

  // --- from the reader

  @Override
  public void arrived(Batch batch) {
    metrics.read(batch.size() + batch.leftOut().size());
    EntryId last = batch.last();
    if (last != null) {
      stream.recovery().moved(last);
    }
    accept(batch);
  }

  @Override
  public boolean pendingForUs(EntryId id, boolean lifeBefore) {
    take(id, lifeBefore && !shared.settings().lifeBeforeIsKnown());
    boolean room = pending.waitingCount() < MOST_WAITING;
    allKnown &= room;
    return room;
  }

  @Override
  public boolean pendingFromAnother(EntryId id) {
    metrics.claimed(1);
    // Nobody knows whether who had it died of it.
    take(id, true);
    boolean room = pending.waitingCount() < MOST_WAITING;
    allKnown &= room;
    return room;
  }

  private void take(EntryId id, boolean redelivered) {
    if (!stream.rejections().isDeadLettering(id)) {
      pending.await(id, redelivered);
    }
  }

  @Override
  public void looked() {
    looking = false;
    fetchWaiting();
  }

  @Override
  public void failed(String what, Throwable failure) {
    stream.calls().failed(what, failure);
  }

  @Override
  public void worked(String what) {
    if ((what.equals(StreamReader.LOOK) || what.equals(PartitionReader.TAKE)) && allKnown) {
      entries().noneLeft();
    }
    stream.calls().worked(what);
  }

  // --- from the sweeper

  @Override
  public void claimed(List<EntryId> ids) {
    metrics.claimed(ids.size());
    stream.ownership().claimed(ids);
    // Their last owner may have died because of one of them, so the delivery is counted.
    ids.forEach(id -> take(id, true));
    fetchWaiting();
  }

  @Override
  public void deleted(List<EntryId> ids) {
    stream.rejections().deleted(ids);
  }

  // --- known by id

  void handedToUs(List<EntryId> ids) {
    // In a partition its owner takes what is pending, whoever is told of it.
    if (!shared.intakeSwitch().isDraining() && !stream.isLeased()) {
      ids.forEach(id -> pendingForUs(id, false));
      fetchWaiting();
    }
  }

  private void fetchWaiting() {
    if (!looking && open()) {
      stream.fetchQueue().fetchWaiting();
    }
  }

  @Override
  public void fetched(Batch batch, List<EntryId> reached) {
    accept(batch);
    entries().willNotCome(reached);
  }

  // --- to the order

  private void accept(Batch batch) {
    shared.loop().assertOwned();
    if (!stream.mayTakeIn()) {
      credits.gone(batch.rejected().size());
      batch.entries().forEach(credits::gone);
      return;
    }
    batch.rejected().forEach(stream.rejections()::reject);
    batch.leftOut().forEach(id -> pendingForUs(id, false));
    long epoch = stream.epoch();
    for (Entry entry : batch.entries()) {
      entry.epoch(epoch);
      if (shared.intakeSwitch().isDraining() || !pending.take(entry)) {
        credits.gone(entry);
      } else {
        takeIn(entry);
      }
    }
  }

  private void takeIn(Entry entry) {
    try {
      attempts.arrived(entry);
      if (!cancellation.stops(entry)) {
        standstill.moved();
        traces.record(entry, Traces.State.CLAIMED);
        orders.offer(entry);
      }
    } catch (RuntimeException | Error e) {
      internalFailures.recover(entry, e);
    }
  }
}
