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
 * Schedules the next attempts of failed entries; their channels wait with them. Belongs to the
 * pipeline's loop.
 */
final class RetrySchedule {

  /**
   * After a fault of the machine, which is rarely repaired within a second; at most 30 s, so that
   * entries start soon after it is over.
   */
  private static final Backoff MACHINE = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final EventLoop loop;
  private final ByStream<StreamEntries> entries;
  private final InternalFailures internalFailures;
  private final IntakeSwitch intakeSwitch;
  private final Gate gate;
  private final Retries retries;
  private final ParkedRetries parked;
  private final RandomGenerator random;

  /** Waits in a row that ended with another fault of the machine, not counted by entry. */
  private int hindrances;

  private boolean countedThisWait;

  /** Entries that wait because of a fault of the machine. */
  private int hindered;

  /** Entries whose attempt is not counted if the endpoint turns out to be unavailable. */
  private final Map<Entry, Forgivable> forgivable = new HashMap<>();

  /** Entries that wait without having used an attempt. */
  private int free;

  /**
   * @param counted whether the attempt is counted unless it is forgiven
   * @param since when the attempt failed
   * @param forgive ends the wait and repeats the same attempt
   */
  private record Forgivable(boolean counted, long since, Runnable forgive) {}

  /**
   * @param gate whether entries may be passed to the handler
   * @param calls notified of the calls that store due times
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

  /** The settings have changed: for attempts that fail from now on, and for what limits permit. */
  void use(RetrySpec settings) {
    retries.use(settings);
    parked.wakeLimited();
  }

  /** How many entries wait for their next attempt. */
  int waiting() {
    return retries.waiting() + parked.waiting() + hindered + free;
  }

  /** How many of them are parked; approximate on other threads. */
  int parked() {
    return parked.waiting();
  }

  /** Whether a failed entry has an attempt left. */
  boolean allowed(Entry entry) {
    return retries.allowed(entry);
  }

  /**
   * Schedules the next attempt, which is counted when it is due.
   *
   * @param isForgivable whether the failed attempt is not counted if the endpoint turns out to be
   *     unavailable
   */
  void failed(DispatchOrder order, Entry entry, Outcome.Failed failure, boolean isForgivable) {
    Duration wait =
        retries.wait(
            entry, failure instanceof Outcome.Transient(_, var after) ? after : Optional.empty());
    again(order, entry, wait, entry.attempt(), isForgivable);
  }

  /** Repeats the same attempt when the channel may go on. */
  void limited(DispatchOrder order, Entry entry, Optional<Duration> retryAfter) {
    again(order, entry, retries.limitedFor(entry, retryAfter), entry.attempt() - 1, false);
  }

  private void again(
      DispatchOrder order, Entry entry, Duration wait, int failedAttempt, boolean isForgivable) {
    if (isLong(wait)) {
      retries.keepDue(entry, wait, failedAttempt);
      park(order, entry, wait, failedAttempt, isForgivable);
      return;
    }
    order.waitFor(entry);
    Consumer<Boolean> then = internalFailures.guarded(entry, ours -> goOn(order, entry, ours));
    Retries.Waiting waiting =
        retries.later(
            entry,
            wait,
            failedAttempt,
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

  /** Repeats the same attempt, which is not counted, as soon as the gate is open. */
  void free(DispatchOrder order, Entry entry) {
    entry.attempt(entry.attempt());
    if (gate.isShut()) {
      order.putBack(entry);
      return;
    }
    order.waitFor(entry);
    freeWaiting(order, entry);
  }

  /** Like {@link #free}, for an entry that its order waits for already. */
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
   * The endpoint is unavailable since a time: attempts that failed since then are not counted.
   * Their entries stop waiting, so that their lanes can release their locks.
   */
  void forgive(long since) {
    List<Forgivable> all =
        forgivable.values().stream()
            .filter(it -> !it.counted() || it.since() - since >= 0)
            .toList();
    all.forEach(it -> it.forgive().run());
    parked.forgive(since);
  }

  /** A limit permits an entry to start only later: it is parked until then, and loses nothing. */
  void notPermitted(DispatchOrder order, Entry entry, Duration wait) {
    entry.rearm();
    if (intakeSwitch.isDraining()) {
      order.putBack(entry);
      return;
    }
    Rest where = order.rest(entry);
    entries.of(entry).park(entry, parked.addLimited(entry, where, wait));
  }

  /** How many entries are parked because of limits; approximate on other threads. */
  int limited() {
    return parked.limited();
  }

  /** Schedules the next attempt of an entry whose last one failed before it came here. */
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
    return wait.compareTo(ParkedRetries.SHORTEST) >= 0 && !intakeSwitch.isDraining();
  }

  /** Parks an entry with a long wait, so that it uses neither a credit nor room. */
  private void park(
      DispatchOrder order, Entry entry, Duration wait, int failedAttempt, boolean isForgivable) {
    Rest where = order.rest(entry);
    entries.of(entry).park(entry, parked.add(entry, where, wait, failedAttempt, isForgivable));
  }

  /** An entry arrived: if it was parked here, it gets its state back. */
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

  /** A fault of the machine: repeats the same attempt after a back-off. */
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

  /** A handler succeeded: resets the back-off for faults of the machine. */
  void unhindered() {
    hindrances = 0;
  }

  /** Whether an entry is still in flight and the pipeline does not drain. */
  boolean wanted(Entry entry) {
    return entries.of(entry).isInFlight(entry) && !intakeSwitch.isDraining();
  }
}
