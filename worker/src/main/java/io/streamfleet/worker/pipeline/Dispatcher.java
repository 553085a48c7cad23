package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.handle.HandlerExecutor;
import io.streamfleet.worker.limit.LimitGate;
import io.streamfleet.worker.limit.Permissions;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.suspect.TrialGate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Passes entries to the handler's executor, after the trials of suspects and the limits. Entries
 * that share threads are collected over a turn of the loop. Belongs to the pipeline's loop.
 */
final class Dispatcher {

  /**
   * Entries on one shared thread: enough to make its start cheap, few enough to use several
   * threads.
   */
  private static final int ON_ONE_THREAD = 128;

  private final HandlerExecutor runner;
  private final Predicate<Entry> isProbe;

  /** The last gate, since its permissions expire after a moment. */
  private final LimitGate limits;

  /** The first gate: trials of entries that may kill this process. */
  private final TrialGate ofProcess;

  /** The second gate: trials of entries that may kill the handler's endpoint. */
  private final TrialGate ofEndpoint;

  /** The entry that was started last, if nothing else was running. */
  private @Nullable Entry sole;

  private List<Entry> together = new ArrayList<>();
  private int running;

  /**
   * @param suspects notified of suspects that run alone
   * @param calls notified of the calls that take permissions
   * @param isProbe whether an entry is the probe of the endpoint
   * @param refused gets back entries that limits permit only later
   */
  Dispatcher(
      Shared shared,
      HandlerExecutor runner,
      Endpoint endpoint,
      Suspects suspects,
      CallReport calls,
      Predicate<Entry> isProbe,
      Consumer<List<Entry>> refused) {
    EventLoop loop = shared.loop();
    this.runner = runner;
    this.isProbe = isProbe;
    this.limits =
        new LimitGate(
            loop,
            new Permissions(shared.commands()),
            endpoint.room(),
            shared.settings().random(),
            calls,
            ParkedRetries.SHORTEST,
            entries -> {
              leaveTrials(entries);
              refused.accept(entries);
            });
    this.ofEndpoint =
        new TrialGate(
            loop, endpoint.trial(), Entry::endpointDeaths, new AloneThere(), this::permitted);
    this.ofProcess =
        new TrialGate(
            loop,
            endpoint.ofProcess(),
            entry -> entry.suspicion().level(),
            suspects,
            ofEndpoint::offer);
    shared.inForce().subscribe(next -> limits.use(next.rates(), next.concurrency()));
  }

  /** Starts entries of one lane, one after the other. */
  void inTurn(List<Entry> entries) {
    if (!arrive(entries)) {
      ofProcess.offer(entries);
    }
  }

  /** Starts entries that need not wait for each other. */
  void apart(List<Entry> entries) {
    if (arrive(entries)) {
      return;
    }
    if (!ofProcess.passes(entries)) {
      entries.forEach(entry -> ofProcess.offer(List.of(entry)));
    } else if (!ofEndpoint.passes(entries)) {
      entries.forEach(entry -> ofEndpoint.offer(List.of(entry)));
    } else if (runner.shares() && limits.isOpen()) {
      start(entries);
    } else {
      entries.forEach(entry -> permitted(List.of(entry)));
    }
  }

  private void permitted(List<Entry> entries) {
    limits.offer(entries, this::start);
  }

  /** Marks entries as with the handler. If it is the probe, starts it and returns true. */
  private boolean arrive(List<Entry> entries) {
    for (Entry entry : entries) {
      entry.withHandler(true);
      entry.alone(false);
    }
    return isProbe.test(entries.getFirst()) && probes(entries);
  }

  /**
   * Starts the probe, unless a trial of the process holds entries back. It need not wait for a
   * trial of the endpoint, since nothing else is sent there now.
   */
  private boolean probes(List<Entry> one) {
    if (ofProcess.holds()) {
      return false;
    }
    ofProcess.passesBy();
    ofEndpoint.passesBy();
    one.getFirst().alone(true);
    permitted(one);
    return true;
  }

  private void start(List<Entry> entries) {
    sole = running == 0 && entries.size() == 1 ? entries.getFirst() : null;
    running += entries.size();
    if (runner.shares()) {
      together.addAll(entries);
    } else {
      runner.run(entries);
    }
  }

  /** Called at the end of each turn: starts the entries that were collected. */
  void turn() {
    if (!together.isEmpty()) {
      runTogether();
    }
    runner.turn();
  }

  private void runTogether() {
    List<Entry> all = together;
    together = new ArrayList<>();
    // Entries of a lane were added in a row, and a lane adds no more until they have ended. So they
    // run on one thread, in order.
    int from = 0;
    while (from < all.size()) {
      int to = Math.min(all.size(), from + ON_ONE_THREAD);
      while (to < all.size() && sameLane(all.get(to - 1), all.get(to))) {
        to++;
      }
      runner.run(all.subList(from, to));
      from = to;
    }
  }

  @SuppressWarnings("ReferenceEquality") // lanes are compared by identity
  private static boolean sameLane(Entry one, Entry other) {
    return one.lease().keepsOrder() && one.lease() == other.lease();
  }

  /** Entries that were started have ended, or were not started after all. */
  @SuppressWarnings("ReferenceEquality") // entries are compared by identity
  void ended(List<Entry> entries) {
    running -= entries.size();
    for (Entry entry : entries) {
      if (entry == sole) {
        entry.alone(true);
      }
      limits.ended(entry);
    }
    leaveTrials(entries);
  }

  private void leaveTrials(List<Entry> entries) {
    for (Entry entry : entries) {
      ofEndpoint.ended(entry);
      ofProcess.ended(entry);
    }
  }

  /** Joins the trials of suspects. */
  void join() {
    ofProcess.start();
    ofEndpoint.start();
  }

  /** Starts no more entries. */
  void drain() {
    ofProcess.drain();
    ofEndpoint.drain();
    limits.drain();
  }

  /** How many entries wait here because of limits; approximate on other threads. */
  int limited() {
    return limits.waiting();
  }

  /** How many entries were started and have not ended. */
  int running() {
    return running;
  }

  /** Marks entries that run alone at the endpoint. */
  private static final class AloneThere implements TrialGate.Alone {

    @Override
    public void begins(Entry entry, Runnable then) {
      entry.alone(true);
      then.run();
    }

    @Override
    public void joined(Entry entry) {
      entry.alone(false);
    }
  }
}
