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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Step 7 begins: entries whose time has come go to the handler's threads, gathered over a turn
 * where they share threads. Belongs to the pipeline's loop.
 */
final class Dispatcher {

  /**
   * Entries of one stretch on a shared thread: enough to make its start cheap, few enough to
   * spread.
   */
  private static final int STRETCH = 128;

  private final HandlerExecutor runner;
  private final Predicate<Entry> isProbe;

  /** Last, entries wait here for permission to begin: it is for now, and not for later. */
  private final LimitGate limits;

  /** Before the handler, those wait that may kill this process, and all others for them. */
  private final TrialGate ofProcess;

  /** Behind it, those that may kill the endpoint of the handler. */
  private final TrialGate ofEndpoint;

  /** What was begun when nothing else ran, as long as that is so. */
  private @Nullable Entry sole;

  private List<Entry> together = new ArrayList<>();
  private int running;

  /**
   * @param suspects has to know of its suspects that are alone
   * @param calls hears how the calls go that ask for permission
   * @param isProbe whether an entry is to find out whether the endpoint is there
   */
  Dispatcher(
      Shared shared,
      HandlerExecutor runner,
      Endpoint endpoint,
      Suspects suspects,
      CallReport calls,
      Predicate<Entry> isProbe) {
    EventLoop loop = shared.loop();
    this.runner = runner;
    this.isProbe = isProbe;
    this.limits =
        new LimitGate(
            loop,
            new Permissions(shared.commands()),
            endpoint.room(),
            shared.settings().random(),
            calls);
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
    shared.inForce().tell(next -> limits.use(next.rates(), next.concurrency()));
  }

  /** Starts entries of one lane, one after the other. */
  void inTurn(List<Entry> entries) {
    if (!arrive(entries)) {
      ofProcess.offer(entries);
    }
  }

  /** Starts entries that wait for no other, side by side. */
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

  /** Whether it is the probe, and has been started. */
  private boolean arrive(List<Entry> entries) {
    for (Entry entry : entries) {
      entry.withHandler(true);
      entry.alone(false);
    }
    return isProbe.test(entries.getFirst()) && probes(entries);
  }

  /** The endpoint gets nothing else now: it waits for no trial but that of this process. */
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

  /** Called at the end of each turn: what was gathered starts. */
  void turn() {
    if (!together.isEmpty()) {
      runTogether();
    }
    runner.turn();
  }

  private void runTogether() {
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
      runner.run(all.subList(from, to));
      from = to;
    }
  }

  @SuppressWarnings("ReferenceEquality") // a lane is itself
  private static boolean sameLane(Entry one, Entry other) {
    return one.lease().keepsOrder() && one.lease() == other.lease();
  }

  /** Some that were started have ended, one way or another. */
  @SuppressWarnings("ReferenceEquality") // an entry is itself
  void ended(List<Entry> entries) {
    running -= entries.size();
    for (Entry entry : entries) {
      if (entry == sole) {
        entry.alone(true);
      }
      limits.ended(entry);
      ofEndpoint.ended(entry);
      ofProcess.ended(entry);
    }
  }

  /** Takes part in the trials of suspects from now on. */
  void join() {
    ofProcess.start();
    ofEndpoint.start();
  }

  /** Starts nothing any more. */
  void drain() {
    ofProcess.drain();
    ofEndpoint.drain();
    limits.drain();
  }

  /** How many wait for permission to begin. Safe for any thread, and about right there. */
  int limited() {
    return limits.waiting();
  }

  /** How many were started and have not ended. */
  int running() {
    return running;
  }

  /** Tells entries that have the endpoint for themselves. */
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
