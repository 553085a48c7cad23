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

/** Writes down what is seen, on one clock. Safe for many threads. */
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
  private final Map<LogVolume, Integer> talks = new HashMap<>();

  public Journal(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
  }

  /** Nanoseconds since the run began. */
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

  /** Something happened, and is over now. */
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

  /** Redis was made to forget these, whatever had become of them. */
  void forgotten(Collection<EntryKey> entries) {
    write(() -> forgotten.addAll(entries));
  }

  /** A worker has written a line about itself. */
  void said(String worker) {
    LogVolume now = new LogVolume(worker, TimeUnit.NANOSECONDS.toSeconds(now()), 0);
    // Nobody waits for it.
    read(() -> talks.merge(now, 1, Integer::sum));
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

  /** Calls of the handler that have ended. */
  public int handled() {
    return read(handlings::size);
  }

  /** Entries of a stream that a handler has seen. */
  long seen(String stream) {
    return read(() -> seen.stream().filter(it -> it.stream().equals(stream)).count());
  }

  /** Whether a handler has seen all of these. */
  boolean hasSeen(Collection<EntryKey> entries) {
    return read(() -> seen.containsAll(entries));
  }

  /** Whether a handler is done with all of these. */
  boolean isDone(Collection<EntryKey> entries) {
    return read(
        () -> {
          Set<EntryKey> open = new HashSet<>(entries);
          handlings.stream().filter(Handling::isDone).forEach(it -> open.remove(it.entry()));
          return open.isEmpty();
        });
  }

  /** Calls by a worker that have ended. */
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

  public List<LogVolume> talks() {
    return read(
        () ->
            talks.entrySet().stream()
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
   * Waits until a condition holds that what is written here may change.
   *
   * @throws IllegalStateException if it does not in that time, saying so
   */
  void require(BooleanSupplier condition, Duration patience, String otherwise)
      throws InterruptedException {
    if (!await(condition, patience)) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** Waits until a condition holds that what is written here may change, or the time is over. */
  boolean await(BooleanSupplier condition, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
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
