package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.channel.HandOver;
import io.streamfleet.worker.channel.HandOver.Transfer;
import io.streamfleet.worker.channel.LaneWork;
import io.streamfleet.worker.channel.Lanes;
import io.streamfleet.worker.channel.Unordered;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
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
final class PipelineContext implements LaneWork {

  /** Parked entries are known by id only, yet each costs memory: this many for one in flight. */
  private static final int PARKED_FOR_ONE_IN_FLIGHT = 10;

  private final EventLoop loop;
  private final IntakeSwitch intakeSwitch;
  private final Credits credits;
  private final PipelineLog log;
  private final FailingCalls failing;
  private final CallReport calls;
  private final StallDetector standstill;

  /** By identity: every entry asks, and there is one object for each name. */
  private final IdentityHashMap<StreamConsumer, StreamIntake> intakes = new IdentityHashMap<>();

  private final InternalFailures internalFailures = new InternalFailures(this);
  private @Nullable Parts parts;
  private boolean draining;

  /** What needs the pipeline to be made. */
  record Parts(
      Admission gate,
      Deliveries deliveries,
      Unordered unordered,
      @Nullable Lanes lanes,
      Dispatcher dispatcher,
      Settlement settlement,
      RetrySchedule attempts,
      Traces traces) {}

  PipelineContext(
      EventLoop loop,
      IntakeSwitch intakeSwitch,
      Credits credits,
      PipelineLog log,
      FailingCalls failing,
      StallDetector standstill) {
    this.loop = loop;
    this.intakeSwitch = intakeSwitch;
    this.credits = credits;
    this.log = log;
    this.failing = failing;
    this.standstill = standstill;
    this.calls =
        failing.ofAllStreams(() -> intakes.values().forEach(it -> it.recovery().suspect()));
  }

  void assemble(Parts made) {
    parts = made;
  }

  void add(StreamIntake intake) {
    intakes.put(intake.stream(), intake);
  }

  Collection<StreamIntake> intakes() {
    return intakes.values();
  }

  EventLoop loop() {
    return loop;
  }

  IntakeSwitch intakeSwitch() {
    return intakeSwitch;
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

  InternalFailures internalFailures() {
    return internalFailures;
  }

  @Nullable Lanes lanes() {
    return parts().lanes();
  }

  PipelineLog log() {
    return log;
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

  RetrySchedule attempts() {
    return parts().attempts();
  }

  Dispatcher dispatcher() {
    return parts().dispatcher();
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

  DispatchOrder orderOf(Entry entry) {
    Lanes ordered = lanes();
    return ordered != null && entry.addressed() ? ordered : unordered();
  }

  StreamIntake intakeOf(Entry entry) {
    return intakeOf(entry.streamName());
  }

  private StreamIntake intakeOf(StreamConsumer stream) {
    StreamIntake intake = intakes.get(stream);
    if (intake == null) {
      throw new IllegalStateException("no intake reads " + stream.stream());
    }
    return intake;
  }

  /** Handlers' threads bring what they are done with. */
  void completed(List<Entry> entries) {
    loop.execute(
        () -> {
          standstill.moved();
          dispatcher().ended(entries.size());
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
    return tooManyParked((long) PARKED_FOR_ONE_IN_FLIGHT * credits.most());
  }

  boolean tooManyParked(long most) {
    Lanes ordered = lanes();
    return ordered != null && ordered.parkedCount() > most;
  }

  // --- what lanes need

  @Override
  public void run(List<Entry> entries) {
    dispatcher().inTurn(entries);
  }

  @Override
  public void runApart(List<Entry> entries) {
    dispatcher().apart(entries);
  }

  @Override
  public void awaitDue(Entry entry) {
    attempts().awaitDue(intakeOf(entry), orderOf(entry), entry);
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
    intakeOf(entry).ownership().park(entry);
  }

  @Override
  public int roomForParked() {
    return credits.forPending();
  }

  @Override
  public void fetchParked(StreamConsumer stream, List<EntryId> ids, Consumer<List<EntryId>> then) {
    intakeOf(stream).fetchQueue().fetchParked(ids, then);
  }

  void forgetParked(StreamConsumer stream, Set<EntryId> ids) {
    Lanes ordered = lanes();
    if (ordered != null) {
      ordered.forgetParked(stream, ids);
    }
  }

  @Override
  public void handOver(StreamConsumer stream, List<Transfer> transfers, HandOver.Callback answer) {
    intakeOf(stream).parts().handOver().send(transfers, answer);
  }

  @Override
  public void doubt(StreamConsumer stream, List<EntryId> ids) {
    intakeOf(stream).ownership().doubt(ids);
  }

  @Override
  public void handedOver(StreamConsumer stream, Set<EntryId> ids) {
    intakeOf(stream).ownership().handedOver(ids);
  }

  @Override
  public void lockWaited(StreamConsumer stream, long nanos) {
    intakeOf(stream).metrics().lockWait(nanos);
  }

  @Override
  public void lockLost(StreamConsumer stream) {
    intakeOf(stream).metrics().lockLost();
    log.lockLost(stream);
  }

  @Override
  public boolean lockRefused(StreamConsumer stream, String key, String reason, boolean named) {
    return log.lockRefused(stream, key, reason, named);
  }

  @Override
  public void locksUsableAgain() {
    log.locksUsableAgain();
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
