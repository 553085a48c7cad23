package io.streamfleet.worker.pipeline;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.GroupCreation;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.channel.ChannelLocks;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.channel.DispatchOrders;
import io.streamfleet.worker.channel.HandOver;
import io.streamfleet.worker.channel.LaneWork;
import io.streamfleet.worker.channel.Lanes;
import io.streamfleet.worker.channel.ServerClock;
import io.streamfleet.worker.channel.Unordered;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.handle.HandlerExecutor;
import io.streamfleet.worker.handle.HandlerExecutors;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.pending.DeliveryCounts;
import io.streamfleet.worker.settle.Emitter;
import io.streamfleet.worker.settle.Traces;
import io.streamfleet.worker.suspect.SuspectRecords;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The way of an entry, from {@code XREADGROUP} to {@code XACK}. Its stations, in order:
 *
 * <ol>
 *   <li>{@link io.streamfleet.worker.read.StreamReader} reads it, as there is room. What is pending
 *       already comes by {@link io.streamfleet.worker.pending.Sweeper} and {@link FetchQueue}.
 *   <li>{@link io.streamfleet.worker.read.BatchDecoder} decodes its header; what can't be decoded
 *       goes to {@link Rejections}.
 *   <li>{@link StreamIntake} takes it in, unless it is known or stopped: from here on it is in
 *       flight, in {@link StreamEntries}.
 *   <li>{@link DispatchOrders} puts it in the {@link Lanes lane} of its channel, or in none.
 *   <li>{@link ChannelLocks} gives its channel's lock; who does not get it hands the entry over
 *       ({@link HandOver}) or parks it.
 *   <li>{@link Deliveries} and {@link Ownership} confirm that it is ours, if that was long ago.
 *   <li>{@link Admission} lets it pass, or holds it while the handler's endpoint is unavailable.
 *   <li>{@link Dispatcher} starts it, apart from others if it may kill who handles it, as the
 *       limits allow,
 *   <li>{@link HandlerExecutor} on a thread for its handler, or by a call over HTTP;
 *   <li>{@link io.streamfleet.worker.handle.HandlerCall} calls that, and reads the answer.
 *   <li>{@link Probes} tells the breaker what came of it.
 *   <li>{@link Settlement} decides what becomes of it. A failure goes through {@link
 *       FailedAttempts}: to {@link RetrySchedule}, and back to its lane, or to {@link
 *       EntryDeadLetters}.
 *   <li>{@link Emitter} appends what the handler answered.
 *   <li>{@link io.streamfleet.worker.settle.Acknowledger} acknowledges it, with others, and
 *   <li>{@link StreamEntries} lets it go, and its credit with it.
 * </ol>
 *
 * <p>Each station is made with the one behind it, so they are made from the last to the first. What
 * it has for a station before it goes by the entry, which knows its {@link DispatchOrder}; what
 * handlers' threads are done with comes back to {@link #completed}. Belongs to the pipeline's loop.
 */
final class EntryPath {

  private final Shared shared;
  private final StallDetector standstill;
  private final ByStream<StreamParts> streams;
  private final CallReport calls;
  private final Persistent persistent;
  private final Traces traces;
  private final Suspects suspects;
  private final InternalFailures internalFailures;
  private final KnownById known;
  private final RetrySchedule attempts;
  private final Settlement settlement;
  private final Dispatcher dispatcher;
  private final Deliveries deliveries;
  private final Admission admission;
  private final DispatchOrders orders;
  private final Probes probes;
  private final ByStream<StreamIntake> intakes;

  private final List<Runnable> turns =
      List.of(this::bringInPending, this::read, this::start, this::settle);

  /**
   * @param begun is told of each entry that a handler begins and ends with
   * @param readLinks the connections on which the streams are read, one for each
   */
  EntryPath(
      Shared shared,
      MessageHandler handler,
      Endpoint endpoint,
      BegunEntries begun,
      Function<StreamConsumer, Link> readLinks,
      NoticeChannels channels,
      ServerClock clock,
      StallDetector standstill) {
    this.shared = shared;
    this.standstill = standstill;
    PipelineSettings settings = shared.settings();
    SettingsInForce inForce = shared.inForce();
    Link commands = shared.commands();
    PipelineLog log = shared.log();

    // Beside the way: what is known of the entries of each stream, and whether its group is there.
    ByStream<StreamEntries> entries =
        new ByStream<>(settings.streams(), stream -> new StreamEntries(shared, stream));
    GroupCreation groups = new GroupCreation(commands, settings.startFrom());
    ByStream<GroupRecovery> recoveries =
        new ByStream<>(
            settings.streams(), stream -> new GroupRecovery(shared, entries.of(stream), groups));
    calls = shared.failing().ofAllStreams(() -> recoveries.forEach(GroupRecovery::suspect));
    persistent = new Persistent(shared.loop(), settings.random(), calls);
    traces =
        new Traces(shared.loop(), commands, settings.atStart().trace(), settings.clock(), calls);
    suspects = new Suspects(persistent, new SuspectRecords(commands));
    internalFailures = new InternalFailures(log, entries);
    known = new KnownById(entries, shared.credits());

    // 15 and 14, and at the other end 1 and 2: what each stream has its own of.
    streams =
        new ByStream<>(
            settings.streams(),
            stream ->
                new StreamParts(
                    shared,
                    entries.of(stream),
                    recoveries.of(stream),
                    readLinks.apply(stream),
                    channels,
                    persistent,
                    suspects,
                    traces));

    // 13 and 12: it is settled.
    admission = new Admission(endpoint, shared.credits());
    Emitter emitter =
        new Emitter(
            commands,
            persistent,
            settings.outboundStream(),
            settings.outboundMaxLength(),
            settings.clock());
    attempts = new RetrySchedule(shared, entries, internalFailures, admission, persistent, calls);
    EntryDeadLetters deadLetters = new EntryDeadLetters(streams, log, internalFailures, traces);
    settlement =
        new Settlement(
            shared,
            streams,
            internalFailures,
            persistent,
            attempts,
            new FailedAttempts(shared, internalFailures, attempts, deadLetters, traces),
            deadLetters,
            emitter,
            traces,
            new HandlerCallMetrics(
                shared.metrics().forHandler(settings.direction(), settings.name())));

    // 10 to 8: it is handled.
    HandlerExecutor executor =
        HandlerExecutors.of(
            handler,
            settings.name(),
            settings.nanoTime(),
            inForce.freshNanos(),
            admission::admits,
            begun,
            done -> shared.loop().execute(() -> completed(done)));
    dispatcher = new Dispatcher(shared, executor, endpoint, suspects, calls, admission::isProbe);

    // 7 to 4: it waits for its turn.
    deliveries = new Deliveries(shared, streams, persistent, new DeliveryCounts(commands), calls);
    LaneWork laneWork =
        new LaneOperations(shared, streams, known, attempts, deliveries, dispatcher);
    orders =
        new DispatchOrders(
            new Unordered(shared.loop(), admission, laneWork),
            ChannelLanes.of(shared, streams, calls, clock, admission, laneWork));
    probes = new Probes(shared, endpoint.breaker(), admission, orders, attempts, deliveries);

    // 3: it is taken in.
    intakes =
        new ByStream<>(
            settings.streams(),
            stream ->
                new StreamIntake(
                    shared,
                    streams.of(stream),
                    known,
                    attempts,
                    admission,
                    settlement,
                    internalFailures,
                    traces,
                    orders,
                    standstill));
    inForce.tell(next -> attempts.use(next.retry()));
    inForce.tell(next -> traces.use(next.trace()));
    inForce.tell(_ -> executor.fresh(inForce.freshNanos()));
  }

  // --- its parts
  ByStream<StreamIntake> intakes() {
    return intakes;
  }

  DispatchOrders orders() {
    return orders;
  }

  Admission admission() {
    return admission;
  }

  Deliveries deliveries() {
    return deliveries;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  Settlement settlement() {
    return settlement;
  }

  KnownById known() {
    return known;
  }

  /** How many entries wait for the time of their next attempt, known by id. From anywhere. */
  int parkedRetries() {
    return attempts.parked();
  }

  InternalFailures internalFailures() {
    return internalFailures;
  }

  Persistent persistent() {
    return persistent;
  }

  Traces traces() {
    return traces;
  }

  // --- along the way
  void begin() {
    orders.start();
    dispatcher.join();
    probes.start();
    intakes.forEach(StreamIntake::start);
  }

  /**
   * Called at the end of each turn: what was gathered at each station goes on to the next. A
   * station that fails does not keep those behind it from their work.
   *
   * @param failed hears of one that failed
   */
  void turn(Consumer<Throwable> failed) {
    for (Runnable station : turns) {
      try {
        station.run();
      } catch (RuntimeException | Error e) {
        failed.accept(e);
      }
    }
  }

  private void bringInPending() {
    intakes.forEach(StreamIntake::bringInPending);
  }

  private void read() {
    shared.credits().turn(this::wantsRoom);
    intakes.forEach(StreamIntake::read);
    shared.intakeSwitch().turn(() -> intakes.all().stream().anyMatch(StreamIntake::awaits));
  }

  private boolean wantsRoom() {
    return orders.wantRoom() || intakes.all().stream().anyMatch(StreamIntake::waits);
  }

  private void start() {
    orders.turn();
    dispatcher.turn();
  }

  private void settle() {
    settlement.turn(dispatcher.running() == 0);
  }

  /** Handlers' threads bring what they are done with. */
  private void completed(List<Entry> entries) {
    standstill.moved();
    dispatcher.ended(entries);
    for (Entry entry : entries) {
      entry.withHandler(false);
      try {
        Outcome outcome = Settlement.outcomeOf(entry);
        suspects.survived(entry, outcome);
        settlement.settle(entry, outcome, probes.ended(entry, outcome));
      } catch (RuntimeException | Error e) {
        internalFailures.recover(entry, e);
      }
    }
  }

  /** Nothing is taken in or started any more; what runs goes on. */
  void drain() {
    shared.intakeSwitch().drain();
    orders.drain();
    dispatcher.drain();
    intakes.forEach(StreamIntake::stop);
  }
}
