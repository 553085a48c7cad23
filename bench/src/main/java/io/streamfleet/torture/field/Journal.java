package io.streamfleet.torture.field;

import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.evidence.Solo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
  private final List<Solo> solos = new ArrayList<>();

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

  void add(Solo solo) {
    write(() -> solos.add(solo));
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

  public List<Handling> handlings() {
    return read(() -> List.copyOf(handlings));
  }

  public List<Incident> incidents() {
    return read(() -> List.copyOf(incidents));
  }

  public List<Departure> departures() {
    return read(() -> List.copyOf(departures));
  }

  public List<Solo> solos() {
    return read(() -> List.copyOf(solos));
  }

  private <T> T read(java.util.function.Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
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
        left = changed.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(60)));
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
