package io.streamfleet.worker.pipeline;

import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Lease;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.handle.Runner;
import io.streamfleet.worker.lane.LaneWork;
import io.streamfleet.worker.lane.Lanes;
import io.streamfleet.worker.lane.ParkedEntry;
import io.streamfleet.worker.lane.Track;
import io.streamfleet.worker.lane.Unordered;
import io.streamfleet.worker.lock.HandOver;
import io.streamfleet.worker.lock.HandOver.Parcel;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.own.Renewal;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.settle.Traces;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps put together. Inbound and outbound are this same class with other settings. All state
 * belongs to the loop; what other threads bring is handed to it.
 */
final class Pipeline implements LaneWork {

  /**
   * Entries of one stretch on a shared thread: enough to make its start cheap, few enough to
   * spread.
   */
  private static final int STRETCH = 128;

  /** Parked entries are known by id only, yet each costs memory: this many for one in hand. */
  private static final int PARKED_FOR_ONE_IN_HAND = 10;

  private final EventLoop loop;
  private final PipelineSettings settings;
  private final Credits credits;
  private final Diary diary;

  /** By identity: every entry asks, and there is one object for each name. */
  private final IdentityHashMap<StreamName, Flow> flows = new IdentityHashMap<>();

  private final IdentityHashMap<StreamName, HandOver> handOvers = new IdentityHashMap<>();
  private final Unordered unordered;
  private @Nullable Lanes lanes;
  private @Nullable Runner runner;
  private @Nullable Settlement settlement;
  private @Nullable Traces traces;
  private List<Entry> together = new ArrayList<>();
  private int running;
  private boolean draining;

  Pipeline(EventLoop loop, PipelineSettings settings, Credits credits, Diary diary) {
    this.loop = loop;
    this.settings = settings;
    this.credits = credits;
    this.diary = diary;
    this.unordered = new Unordered(loop, this);
  }

  /** The parts that need the pipeline to be made. */
  void assemble(@Nullable Lanes ordered, Runner handlers, Settlement settling, Traces tracing) {
    lanes = ordered;
    runner = handlers;
    settlement = settling;
    traces = tracing;
  }

  void add(Flow flow, HandOver handOver) {
    flows.put(flow.stream(), flow);
    handOvers.put(flow.stream(), handOver);
  }

  Collection<Flow> flows() {
    return flows.values();
  }

  EventLoop loop() {
    return loop;
  }

  Credits credits() {
    return credits;
  }

  Traces traces() {
    return made(traces);
  }

  Settlement settlement() {
    return made(settlement);
  }

  @Nullable Lanes lanes() {
    return lanes;
  }

  Unordered unordered() {
    return unordered;
  }

  private static <T> T made(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the pipeline is not assembled yet");
    }
    return part;
  }

  /** The end of each turn of the loop: what was gathered goes off in batches. */
  void turn() {
    flows.values().forEach(Flow::bringInPending);
    flows.values().forEach(Flow::read);
    Lanes ordered = lanes;
    if (ordered != null) {
      ordered.turn();
    }
    unordered.turn();
    startTogether();
    settlement().turn(running == 0);
  }

  // --- entries in and out

  void accept(Entry entry) {
    traces().record(entry, Traces.State.CLAIMED);
    Lanes ordered = lanes;
    if (ordered != null && entry.addressed()) {
      ordered.offer(entry);
    } else {
      unordered.offer(entry);
    }
  }

  Track trackOf(Entry entry) {
    Lanes ordered = lanes;
    return ordered != null && entry.addressed() ? ordered : unordered;
  }

  Flow flowOf(Entry entry) {
    Flow flow = flows.get(entry.streamName());
    if (flow == null) {
      throw new IllegalStateException("no flow reads " + entry.stream());
    }
    return flow;
  }

  /** Handlers' threads bring what they are done with. */
  void completed(List<Entry> entries) {
    loop.execute(
        () -> {
          running -= entries.size();
          entries.forEach(settlement()::completed);
        });
  }

  void emitted(List<OutboundMessage> messages) {
    messages.forEach(message -> diary.emitted(message.platform()));
  }

  int running() {
    return running;
  }

  boolean draining() {
    return draining;
  }

  void drain() {
    draining = true;
    Lanes ordered = lanes;
    if (ordered != null) {
      ordered.drain();
    }
    unordered.drain();
  }

  boolean tooManyParked() {
    Lanes ordered = lanes;
    return ordered != null
        && ordered.parkedCount() > (long) PARKED_FOR_ONE_IN_HAND * settings.read().maxInFlight();
  }

  // --- cancel

  void cancel(Flow flow, EntryId id) {
    Entry entry = flow.inHand(id);
    if (entry != null) {
      cancel(flow, entry);
    } else {
      flow.cancelKnownById(id);
    }
  }

  void cancelChannel(Flow flow, String channel) {
    for (Entry entry : List.copyOf(flow.hand().entries())) {
      if (entry.channel().equals(channel)) {
        cancel(flow, entry);
      }
    }
    Lanes ordered = lanes;
    if (ordered != null) {
      for (ParkedEntry parked : ordered.parked(channel)) {
        if (parked.stream().equals(flow.stream())) {
          flow.cancelKnownById(parked.id());
        }
      }
    }
  }

  private void cancel(Flow flow, Entry entry) {
    if (entry.settling()) {
      return;
    }
    if (trackOf(entry).remove(entry)) {
      settlement().cancel(flow, entry);
    } else {
      entry.interrupt(Interruption.CANCELLED);
    }
  }

  private Flow flowOf(StreamName stream) {
    Flow flow = flows.get(stream);
    if (flow == null) {
      throw new IllegalStateException("no flow reads " + stream.stream());
    }
    return flow;
  }

  // --- what lanes need

  @Override
  public void run(List<Entry> entries) {
    running += entries.size();
    if (made(runner).shares()) {
      together.addAll(entries);
    } else {
      made(runner).run(entries);
    }
  }

  @Override
  public void runApart(List<Entry> entries) {
    running += entries.size();
    if (made(runner).shares()) {
      together.addAll(entries);
    } else {
      entries.forEach(entry -> made(runner).run(List.of(entry)));
    }
  }

  private void startTogether() {
    if (together.isEmpty()) {
      return;
    }
    List<Entry> all = together;
    together = new ArrayList<>();
    // Entries of one lane were added in a row, and a lane has one stretch at a time: those of a
    // channel stay on one thread, in order, unless a stretch ends between them.
    int from = 0;
    while (from < all.size()) {
      int to = Math.min(all.size(), from + STRETCH);
      while (to < all.size() && sameLane(all.get(to - 1), all.get(to))) {
        to++;
      }
      made(runner).run(all.subList(from, to));
      from = to;
    }
  }

  @SuppressWarnings("ReferenceEquality") // a lane is itself
  private static boolean sameLane(Entry one, Entry other) {
    return one.lease() != Lease.UNBOUND && one.lease() == other.lease();
  }

  @Override
  public boolean fresh(Entry entry, long now) {
    return now - entry.ownedAt() < settings.freshNanos();
  }

  @Override
  public void confirm(List<Entry> entries, Runnable then) {
    Map<Flow, List<EntryId>> ids = new HashMap<>();
    for (Entry entry : entries) {
      ids.computeIfAbsent(flowOf(entry), flow -> new ArrayList<>()).add(entry.entryId());
    }
    int[] open = {ids.size()};
    ids.forEach(
        (flow, some) ->
            confirm(
                flow,
                some,
                1,
                () -> {
                  if (--open[0] == 0) {
                    then.run();
                  }
                }));
  }

  private void confirm(Flow flow, List<EntryId> ids, int attempt, Runnable then) {
    int[] pages = {Renewal.pages(ids.size())};
    flow.parts()
        .renewal()
        .renew(
            ids,
            new Renewal.Verdict() {
              @Override
              public void renewed(List<EntryId> asked, Set<EntryId> lost, long sentAt) {
                flow.renewed(asked, lost, sentAt);
                if (--pages[0] == 0) {
                  then.run();
                }
              }

              @Override
              public void unknown(List<EntryId> asked, Throwable failure) {
                trouble("renew entries", failure);
                loop.after(
                    Backoff.REDIS.after(attempt, settings.random()),
                    () ->
                        confirm(
                            flow,
                            asked,
                            attempt + 1,
                            () -> {
                              if (--pages[0] == 0) {
                                then.run();
                              }
                            }));
              }
            });
  }

  @Override
  public void park(Entry entry) {
    flowOf(entry).park(entry);
  }

  @Override
  public int roomForParked() {
    return credits.forPending();
  }

  @Override
  public void fetchParked(StreamName stream, List<EntryId> ids, Consumer<Boolean> then) {
    flowOf(stream).fetchParked(ids, then);
  }

  void forgetParked(StreamName stream, Set<EntryId> ids) {
    Lanes ordered = lanes;
    if (ordered != null) {
      ordered.forgetParked(stream, ids);
    }
  }

  @Override
  public void handOver(StreamName stream, List<Parcel> parcels, HandOver.Answer answer) {
    HandOver handOver = handOvers.get(stream);
    if (handOver == null) {
      throw new IllegalStateException("nothing is handed over in " + stream.stream());
    }
    handOver.send(parcels, answer);
  }

  @Override
  public void doubt(StreamName stream, List<EntryId> ids) {
    flowOf(stream).doubt(ids);
  }

  @Override
  public void handedOver(StreamName stream, Set<EntryId> ids) {
    flowOf(stream).handedOver(ids);
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
  public void lockTrouble(String what, Throwable failure) {
    trouble(what, failure);
  }

  // --- what people are told

  void trouble(String what, Throwable failure) {
    diary.trouble(what, failure);
  }

  void reading(StreamName stream, boolean well) {
    diary.reading(stream, well);
  }

  void sayDeadLetter(StreamName stream, EntryId id, String reason, String error) {
    diary.deadLettered(stream, id, reason, error);
  }

  void sayFailure(Entry entry, Throwable failure) {
    diary.failed(entry, failure);
  }

  void later(Runnable task) {
    loop.after(Backoff.REDIS.max(), task);
  }
}
