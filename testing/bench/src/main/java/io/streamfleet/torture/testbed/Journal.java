package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.evidence.LogVolume;
import io.streamfleet.torture.evidence.SoloSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Records what happens, on one clock. Thread-safe. */
public final class Journal {

  private final LongSupplier nanoTime;
  private final long origin;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Handling> handlings = new ArrayList<>();
  private final Set<EntryKey> seen = new HashSet<>();
  private final List<Incident> incidents = new ArrayList<>();
  private final List<Departure> departures = new ArrayList<>();
  private final List<SoloSpan> solos = new ArrayList<>();
  private final Set<EntryKey> forgotten = new HashSet<>();
  private final Map<LogVolume, Integer> logVolumes = new HashMap<>();

  public Journal(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
  }

  /** Nanoseconds since the start of the run. */
  public long now() {
    return nanoTime.getAsLong() - origin;
  }

  void add(Handling handling) {
    write(
        () -> {
          handlings.add(handling);
          seen.add(handling.entry());
        });
  }

  /** Records an event that has just ended. */
  public void add(Incident.Kind kind, String worker, long from, String what) {
    long now = now();
    write(() -> incidents.add(new Incident(kind, worker, from, now, what)));
  }

  void add(Departure departure) {
    write(() -> departures.add(departure));
  }

  void add(SoloSpan solo) {
    write(() -> solos.add(solo));
  }

  /** Records entries that a fault has made Redis lose, whatever their state. */
  void forgotten(Collection<EntryKey> entries) {
    write(() -> forgotten.addAll(entries));
  }

  /** A worker has written a log line about itself. */
  void said(String worker) {
    LogVolume now = new LogVolume(worker, TimeUnit.NANOSECONDS.toSeconds(now()), 0);
    // No waiter depends on it.
    read(() -> logVolumes.merge(now, 1, Integer::sum));
  }

  private void write(Runnable line) {
    lock.lock();
    try {
      line.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The number of completed handler calls. */
  public int handled() {
    return read(handlings::size);
  }

  /** The number of entries of a stream that a handler has seen. */
  long seen(String stream) {
    return read(() -> seen.stream().filter(it -> it.stream().equals(stream)).count());
  }

  /** Whether a handler has seen all of these. */
  boolean hasSeen(Collection<EntryKey> entries) {
    return read(() -> seen.containsAll(entries));
  }

  /** Whether a handler has finished all of these. */
  boolean isDone(Collection<EntryKey> entries) {
    return read(
        () -> {
          Set<EntryKey> open = new HashSet<>(entries);
          handlings.stream().filter(Handling::isDone).forEach(it -> open.remove(it.entry()));
          return open.isEmpty();
        });
  }

  /** The number of completed calls by a worker. */
  long handledBy(String worker) {
    return read(() -> handlings.stream().filter(it -> it.worker().equals(worker)).count());
  }

  public List<Handling> handlings() {
    return read(() -> List.copyOf(handlings));
  }

  public List<Incident> incidents() {
    return read(() -> List.copyOf(incidents));
  }

  public List<Departure> departures() {
    return read(() -> List.copyOf(departures));
  }

  public List<SoloSpan> solos() {
    return read(() -> List.copyOf(solos));
  }

  public Set<EntryKey> forgotten() {
    return read(() -> Set.copyOf(forgotten));
  }

  public List<LogVolume> logVolumes() {
    return read(
        () ->
            logVolumes.entrySet().stream()
                .map(it -> new LogVolume(it.getKey().worker(), it.getKey().second(), it.getValue()))
                .toList());
  }

  private <T> T read(java.util.function.Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a condition on the recorded data.
   *
   * @throws IllegalStateException with this text on timeout
   */
  void require(BooleanSupplier condition, Duration timeout, String otherwise)
      throws InterruptedException {
    if (!await(condition, timeout)) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** Waits for a condition on the recorded data; returns false on timeout. */
  boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
