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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way of an entry, from {@code XREADGROUP} to {@code XACK}. Its stations, in order:
 *
 * <ol>
 *   <li>{@link io.streamfleet.worker.read.StreamReader} reads it, as far as there is room. Pending
 *       entries come by {@link io.streamfleet.worker.pending.Sweeper} and {@link FetchQueue}.
 *   <li>{@link io.streamfleet.worker.read.BatchDecoder} decodes its header; entries that can't be
 *       decoded go to {@link Rejections}.
 *   <li>{@link StreamIntake} takes it in, unless it is known already or was cancelled: from here on
 *       it is in flight, in {@link StreamEntries}.
 *   <li>{@link DispatchOrders} puts it in the {@link Lanes lane} of its channel, or in none.
 *   <li>{@link ChannelLocks} acquires its channel's lock. If another worker holds it, the entry is
 *       handed over ({@link HandOver}) or parked.
 *   <li>{@link Deliveries} and {@link Ownership} confirm that it is still pending for this
 *       consumer, if the last confirmation was long ago.
 *   <li>{@link Admission} lets it pass, or holds it while the handler's endpoint is unavailable.
 *   <li>{@link Dispatcher} starts it as soon as the limits allow; suspects start apart from others.
 *   <li>{@link HandlerExecutor} runs it on a thread, or posts it over HTTP, alone or in a batch.
 *   <li>{@link io.streamfleet.worker.handle.HandlerCall} calls the handler and reads its answer.
 *   <li>{@link Probes} reports the outcome to the breaker.
 *   <li>{@link Settlement} decides how it is settled. A failure goes through {@link
 *       FailedAttempts}: to {@link RetrySchedule} and back to its lane, or to {@link
 *       EntryDeadLetters}.
 *   <li>{@link Emitter} appends the messages of the answer.
 *   <li>{@link io.streamfleet.worker.settle.Acknowledger} acknowledges it, with others.
 *   <li>{@link StreamEntries} removes it and returns its credit.
 * </ol>
 *
 * <p>Each station gets the next one in its constructor, so they are created from the last to the
 * first. A station reaches an earlier one through the entry, which knows its {@link DispatchOrder}.
 * Entries that handlers have ended return to {@link #completed}. Belongs to the pipeline's loop.
 */
final class EntryPath {

  private final Shared shared;
  private final StallDetector standstill;
  private final ByStream<StreamParts> streams;
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

  EntryPath(
      Shared shared,
      MessageHandler handler,
      Endpoint endpoint,
      BegunEntries begun,
      Function<StreamConsumer, @Nullable Link> readLinks,
      NoticeChannels channels,
      ServerClock clock,
      StallDetector standstill) {
    this.shared = shared;
    this.standstill = standstill;
    PipelineSettings settings = shared.settings();
    SettingsInForce inForce = shared.inForce();
    Link commands = shared.commands();

    // Used by several stations.
    ByStream<StreamEntries> entries =
        new ByStream<>(settings.streams(), stream -> new StreamEntries(shared, stream));
    GroupCreation groups = new GroupCreation(commands, settings.startFrom());
    ByStream<GroupRecovery> recoveries =
        new ByStream<>(
            settings.streams(), stream -> new GroupRecovery(shared, entries.of(stream), groups));
    CallReport calls =
        shared.failing().ofAllStreams(() -> recoveries.forEach(GroupRecovery::suspect));
    persistent = new Persistent(shared.loop(), settings.random(), calls);
    traces =
        new Traces(shared.loop(), commands, settings.atStart().trace(), settings.clock(), calls);
    suspects = new Suspects(persistent, new SuspectRecords(commands));
    internalFailures = new InternalFailures(shared.log(), entries);
    known = new KnownById(entries, shared.credits());

    // 15 and 14, and 1 and 2 at the other end: the stations of which each stream has its own.
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

    // 13 and 12, and a part of 6 that they use.
    deliveries = new Deliveries(shared, streams, persistent, new DeliveryCounts(commands), calls);
    admission = new Admission(endpoint, shared.credits());
    Emitter emitter =
        new Emitter(
            commands,
            persistent,
            entry -> streams.of(entry).acknowledger(),
            settings.outboundStream(),
            settings.outboundMaxLength(),
            shared.tracing(),
            settings.clock());
    attempts = new RetrySchedule(shared, entries, internalFailures, admission, persistent, calls);
    EntryDeadLetters deadLetters = new EntryDeadLetters(shared, streams, internalFailures, traces);
    settlement =
        new Settlement(
            shared,
            streams,
            internalFailures,
            persistent,
            attempts,
            new FailedAttempts(shared, internalFailures, attempts, deliveries, deadLetters, traces),
            deadLetters,
            emitter,
            traces,
            new HandlerCallMetrics(
                shared.metrics().forHandler(settings.direction(), settings.name())));

    // 10 to 8: the handler.
    HandlerExecutor executor =
        HandlerExecutors.of(
            handler,
            settings.name(),
            settings.nanoTime(),
            inForce.freshNanos(),
            new LastCheck(streams, admission, settings.nanoTime()),
            begun,
            shared.tracing(),
            shared.metrics().forHandler(settings.direction(), settings.name())::batch,
            done -> shared.loop().execute(() -> completed(done)));
    dispatcher =
        new Dispatcher(
            shared, executor, endpoint, suspects, calls, admission::isProbe, this::settle);

    // 7 to 4: order, locks, ownership and the gate. 11: probes.
    LaneWork laneWork =
        new LaneOperations(shared, streams, known, attempts, deliveries, dispatcher);
    orders =
        new DispatchOrders(
            new Unordered(shared.loop(), admission, laneWork),
            ChannelLanes.of(shared, streams, calls, clock, admission, laneWork));
    probes = new Probes(shared, endpoint.breaker(), admission, orders, attempts, deliveries);

    // 3: intake.
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
    inForce.subscribe(next -> attempts.use(next.retry()));
    inForce.subscribe(next -> traces.use(next.trace()));
    inForce.subscribe(_ -> executor.fresh(inForce.freshNanos()));
  }

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

  RetrySchedule attempts() {
    return attempts;
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

  void begin() {
    orders.start();
    dispatcher.join();
    probes.start();
    intakes.forEach(StreamIntake::start);
  }

  /**
   * Called at the end of each turn: each station passes on what it has collected. An exception of
   * one, which {@code failed} gets, keeps no other from its work.
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
    shared.credits().turn(() -> orders.wantRoom() || anyIntake(StreamIntake::waits));
    intakes.forEach(StreamIntake::read);
    shared.intakeSwitch().turn(() -> anyIntake(StreamIntake::awaits));
  }

  private boolean anyIntake(Predicate<StreamIntake> is) {
    return intakes.all().stream().anyMatch(is);
  }

  private void start() {
    orders.turn();
    dispatcher.turn();
  }

  private void settle() {
    settlement.turn(dispatcher.running() == 0);
  }

  private void completed(List<Entry> entries) {
    standstill.moved();
    dispatcher.ended(entries);
    settle(entries);
  }

  private void settle(List<Entry> entries) {
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

  void drain() {
    shared.intakeSwitch().drain();
    orders.drain();
    dispatcher.drain();
    intakes.forEach(StreamIntake::stop);
  }
}
