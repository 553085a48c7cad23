package io.streamfleet.worker.pipeline;

import io.streamfleet.api.RetrySpec;
import io.streamfleet.worker.channel.DispatchOrder;
import io.streamfleet.worker.channel.Gate;
import io.streamfleet.worker.channel.Rest;
import io.streamfleet.worker.due.DueTimes;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.settle.Retries;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Entries of which nothing came yet, and which wait for another attempt: their channel waits with
 * them. Belongs to the pipeline's loop.
 */
final class RetrySchedule {

  /**
   * Waits for a machine that lets no handler work: it is not mended within a second as a rule, and
   * half a minute late is soon enough for what waits already.
   */
  private static final Backoff MACHINE = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  /** A shorter wait is not worth the call that fetches an entry once more. */
  private static final Duration PARKED_FROM = Duration.ofMillis(500);

  private final EventLoop loop;
  private final ByStream<StreamEntries> entries;
  private final InternalFailures internalFailures;
  private final IntakeSwitch intakeSwitch;
  private final Gate gate;
  private final Retries retries;
  private final ParkedRetries parked;
  private final RandomGenerator random;

  /** How often in a row a handler could not work, in waits and not in entries. */
  private int hindrances;

  private boolean countedThisWait;

  /** Entries that wait for a machine that lets their handlers work. */
  private int hindered;

  /** Entries that may have their attempt back, should it show that the endpoint was to blame. */
  private final Map<Entry, Forgivable> forgivable = new HashMap<>();

  /** Entries that wait though no attempt was used up. */
  private int free;

  /**
   * @param counted whether an attempt is used up unless it is forgiven
   * @param since when the attempt failed
   * @param forgive ends the wait, and has the same attempt made again
   */
  private record Forgivable(boolean counted, long since, Runnable forgive) {}

  /**
   * @param gate whether the handler is there for another attempt
   * @param calls hears how its calls of Redis go
   */
  RetrySchedule(
      Shared shared,
      ByStream<StreamEntries> entries,
      InternalFailures internalFailures,
      Gate gate,
      Persistent persistent,
      CallReport calls) {
    this.loop = shared.loop();
    this.entries = entries;
    this.internalFailures = internalFailures;
    this.intakeSwitch = shared.intakeSwitch();
    this.gate = gate;
    this.parked = new ParkedRetries(loop);
    this.random = shared.settings().random();
    this.retries =
        new Retries(
            loop,
            shared.commands(),
            shared.settings().atStart().retry(),
            persistent,
            new DueTimes(loop, shared.commands(), random, calls),
            random);
  }

  /** Other settings are in force, for attempts that fail from now on. */
  void use(RetrySpec settings) {
    retries.use(settings);
  }

  /** How many entries wait for the time of their next attempt. */
  int waiting() {
    return retries.waiting() + parked.waiting() + hindered + free;
  }

  /** How many of them are known by id only. May be asked from anywhere, and is about right. */
  int parked() {
    return parked.waiting();
  }

  /** Whether an entry that failed has an attempt left. */
  boolean allowed(Entry entry) {
    return retries.allowed(entry);
  }

  /**
   * An attempt failed: the next one is counted when its time has come.
   *
   * @param isForgivable whether it is not counted should the endpoint turn out to be unavailable
   */
  void failed(DispatchOrder order, Entry entry, Outcome.Failed failure, boolean isForgivable) {
    Duration wait =
        retries.wait(
            entry, failure instanceof Outcome.Transient(_, var after) ? after : Optional.empty());
    if (isLong(wait)) {
      retries.keepDue(entry, wait);
      park(order, entry, wait, entry.attempt(), isForgivable);
      return;
    }
    order.waitFor(entry);
    Consumer<Boolean> then = internalFailures.guarded(entry, ours -> goOn(order, entry, ours));
    Retries.Waiting waiting =
        retries.later(
            entry,
            wait,
            () -> {
              forgivable.remove(entry);
              return wanted(entry);
            },
            then);
    if (isForgivable) {
      forgivable.put(entry, new Forgivable(true, loop.now(), () -> forgive(entry, waiting, then)));
    }
  }

  private void forgive(Entry entry, Retries.Waiting waiting, Consumer<Boolean> then) {
    forgivable.remove(entry);
    waiting.sameAgain(then);
  }

  /** No attempt is used up: the same one is made again, when the handler is there for it. */
  void free(DispatchOrder order, Entry entry) {
    entry.attempt(entry.attempt());
    if (gate.isShut()) {
      order.putBack(entry);
      return;
    }
    order.waitFor(entry);
    freeWaiting(order, entry);
  }

  /** The same for an entry that its order waits for already. */
  void freeAfterWait(DispatchOrder order, Entry entry) {
    entry.attempt(entry.attempt());
    if (gate.isShut()) {
      order.resume(entry);
    } else {
      freeWaiting(order, entry);
    }
  }

  private void freeWaiting(DispatchOrder order, Entry entry) {
    free++;
    Runnable resume =
        () -> {
          if (forgivable.remove(entry) != null) {
            free--;
            internalFailures.guarded(entry, () -> goOnUncounted(order, entry));
          }
        };
    forgivable.put(entry, new Forgivable(false, loop.now(), resume));
    loop.after(retries.backoff(entry), resume);
  }

  /**
   * The endpoint is unavailable, and was when attempts failed since a time: they cost nothing, and
   * what waits holds no lock.
   */
  void forgive(long since) {
    List<Forgivable> all =
        forgivable.values().stream()
            .filter(it -> !it.counted() || it.since() - since >= 0)
            .toList();
    all.forEach(it -> it.forgive().run());
    parked.forgive(since);
  }

  /** An attempt failed elsewhere; the entry's track holds it up already. */
  void awaitDue(DispatchOrder order, Entry entry) {
    Duration left = retries.left(entry);
    if (isLong(left)) {
      park(order, entry, left, Retries.failedAttempt(entry), false);
      return;
    }
    retries.rest(
        entry,
        () -> wanted(entry),
        internalFailures.guarded(entry, ours -> goOn(order, entry, ours)));
  }

  private boolean isLong(Duration wait) {
    return wait.compareTo(PARKED_FROM) >= 0 && !intakeSwitch.isDraining();
  }

  /** What waits for long holds neither credit nor payload: it is fetched when it is due. */
  private void park(
      DispatchOrder order, Entry entry, Duration wait, int failedAttempt, boolean isForgivable) {
    Rest where = order.rest(entry);
    entries.of(entry).park(entry, parked.add(entry, where, wait, failedAttempt, isForgivable));
  }

  /** An entry came in: if it was parked, it goes on as what it was. */
  void arrived(Entry entry) {
    parked.arrived(entries.of(entry), entry);
  }

  private void goOn(DispatchOrder order, Entry entry, boolean ours) {
    if (!wanted(entry)) {
      order.release(entry);
    } else if (ours) {
      entries.of(entry).metrics().retried();
      order.resume(entry);
    } else {
      entries.of(entry).lose(entry);
    }
  }

  /** The machine is to blame: the same attempt is made again, after a while. */
  void hindered(DispatchOrder order, Entry entry) {
    entry.attempt(entry.attempt());
    order.waitFor(entry);
    hindered++;
    if (!countedThisWait) {
      countedThisWait = true;
      hindrances++;
    }
    loop.after(
        MACHINE.after(hindrances, random),
        () -> {
          countedThisWait = false;
          hindered--;
          internalFailures.guarded(entry, () -> goOnUncounted(order, entry));
        });
  }

  private void goOnUncounted(DispatchOrder order, Entry entry) {
    if (wanted(entry)) {
      order.resume(entry);
    } else {
      order.release(entry);
    }
  }

  /** A handler could work. */
  void unhindered() {
    hindrances = 0;
  }

  /** Whether an entry that waits for its next attempt is to have it. */
  boolean wanted(Entry entry) {
    return entries.of(entry).isInFlight(entry) && !intakeSwitch.isDraining();
  }
}
