package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.lane.LaneWork;
import io.streamfleet.worker.lane.Lanes;
import io.streamfleet.worker.lane.Track;
import io.streamfleet.worker.lane.Unordered;
import io.streamfleet.worker.lock.HandOver;
import io.streamfleet.worker.lock.HandOver.Parcel;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.settle.Traces;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps put together. Inbound and outbound are this same class with other settings. All state
 * belongs to the loop; what other threads bring is handed to it.
 */
final class Pipeline implements LaneWork {

  /** Parked entries are known by id only, yet each costs memory: this many for one in hand. */
  private static final int PARKED_FOR_ONE_IN_HAND = 10;

  private final EventLoop loop;
  private final Intake intake;
  private final Credits credits;
  private final Diary diary;
  private final FailingCalls failing;
  private final CallReport calls;
  private final Standstill standstill;

  /** By identity: every entry asks, and there is one object for each name. */
  private final IdentityHashMap<StreamName, Flow> flows = new IdentityHashMap<>();

  private final Rescue rescue = new Rescue(this);
  private @Nullable Parts parts;
  private boolean draining;

  /** What needs the pipeline to be made. */
  record Parts(
      Admission gate,
      Deliveries deliveries,
      Unordered unordered,
      @Nullable Lanes lanes,
      Starting starting,
      Settlement settlement,
      NextAttempts attempts,
      Traces traces) {}

  Pipeline(
      EventLoop loop,
      Intake intake,
      Credits credits,
      Diary diary,
      FailingCalls failing,
      Standstill standstill) {
    this.loop = loop;
    this.intake = intake;
    this.credits = credits;
    this.diary = diary;
    this.failing = failing;
    this.standstill = standstill;
    this.calls = failing.ofAllStreams(() -> flows.values().forEach(it -> it.recovery().suspect()));
  }

  void assemble(Parts made) {
    parts = made;
  }

  void add(Flow flow) {
    flows.put(flow.stream(), flow);
  }

  Collection<Flow> flows() {
    return flows.values();
  }

  EventLoop loop() {
    return loop;
  }

  Intake intake() {
    return intake;
  }

  Credits credits() {
    return credits;
  }

  Traces traces() {
    return parts().traces();
  }

  Settlement settlement() {
    return parts().settlement();
  }

  Rescue rescue() {
    return rescue;
  }

  @Nullable Lanes lanes() {
    return parts().lanes();
  }

  Diary diary() {
    return diary;
  }

  Unordered unordered() {
    return parts().unordered();
  }

  Admission gate() {
    return parts().gate();
  }

  Deliveries deliveries() {
    return parts().deliveries();
  }

  NextAttempts attempts() {
    return parts().attempts();
  }

  Starting starting() {
    return parts().starting();
  }

  private Parts parts() {
    Parts made = parts;
    if (made == null) {
      throw new IllegalStateException("the pipeline is not assembled yet");
    }
    return made;
  }

  // --- entries in and out

  void accept(Entry entry) {
    standstill.moved();
    traces().record(entry, Traces.State.CLAIMED);
    Lanes ordered = lanes();
    if (ordered != null && entry.addressed()) {
      ordered.offer(entry);
    } else {
      unordered().offer(entry);
    }
  }

  Track trackOf(Entry entry) {
    Lanes ordered = lanes();
    return ordered != null && entry.addressed() ? ordered : unordered();
  }

  Flow flowOf(Entry entry) {
    return flowOf(entry.streamName());
  }

  private Flow flowOf(StreamName stream) {
    Flow flow = flows.get(stream);
    if (flow == null) {
      throw new IllegalStateException("no flow reads " + stream.stream());
    }
    return flow;
  }

  /** Handlers' threads bring what they are done with. */
  void completed(List<Entry> entries) {
    loop.execute(
        () -> {
          standstill.moved();
          starting().ended(entries.size());
          entries.forEach(settlement()::completed);
        });
  }

  boolean draining() {
    return draining;
  }

  void drain() {
    draining = true;
    Lanes ordered = lanes();
    if (ordered != null) {
      ordered.drain();
    }
    unordered().drain();
  }

  boolean tooManyParked() {
    return tooManyParked((long) PARKED_FOR_ONE_IN_HAND * credits.most());
  }

  boolean tooManyParked(long most) {
    Lanes ordered = lanes();
    return ordered != null && ordered.parkedCount() > most;
  }

  // --- what lanes need

  @Override
  public void run(List<Entry> entries) {
    starting().inTurn(entries);
  }

  @Override
  public void runApart(List<Entry> entries) {
    starting().apart(entries);
  }

  @Override
  public void awaitDue(Entry entry) {
    attempts().awaitDue(flowOf(entry), trackOf(entry), entry);
  }

  @Override
  public boolean fresh(Entry entry, long now) {
    return deliveries().fresh(entry, now);
  }

  @Override
  public void confirm(List<Entry> entries, Runnable then) {
    deliveries().confirm(entries, then);
  }

  @Override
  public void park(Entry entry) {
    flowOf(entry).ownership().park(entry);
  }

  @Override
  public int roomForParked() {
    return credits.forPending();
  }

  @Override
  public void fetchParked(StreamName stream, List<EntryId> ids, Consumer<List<EntryId>> then) {
    flowOf(stream).fetching().fetchParked(ids, then);
  }

  void forgetParked(StreamName stream, Set<EntryId> ids) {
    Lanes ordered = lanes();
    if (ordered != null) {
      ordered.forgetParked(stream, ids);
    }
  }

  @Override
  public void handOver(StreamName stream, List<Parcel> parcels, HandOver.Answer answer) {
    flowOf(stream).parts().handOver().send(parcels, answer);
  }

  @Override
  public void doubt(StreamName stream, List<EntryId> ids) {
    flowOf(stream).ownership().doubt(ids);
  }

  @Override
  public void handedOver(StreamName stream, Set<EntryId> ids) {
    flowOf(stream).ownership().handedOver(ids);
  }

  @Override
  public void lockWaited(StreamName stream, long nanos) {
    flowOf(stream).metrics().lockWait(nanos);
  }

  @Override
  public void lockLost(StreamName stream) {
    flowOf(stream).metrics().lockLost();
    diary.lockLost(stream);
  }

  @Override
  public boolean lockRefused(StreamName stream, String key, String reason, boolean named) {
    return diary.lockRefused(stream, key, reason, named);
  }

  @Override
  public void locksUsableAgain() {
    diary.locksUsableAgain();
  }

  // --- what people are told

  /** Hears of calls that are made for all streams together. */
  @Override
  public CallReport calls() {
    return calls;
  }

  FailingCalls failing() {
    return failing;
  }
}
