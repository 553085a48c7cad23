package io.streamfleet.worker.handle;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits the heap that the HTTP exchanges of a worker use, besides the payloads in flight. An
 * exchange that needs more than is free waits, in order of arrival. Each exchange ends at its
 * time-out at the latest, so each wait has an end. Thread-safe.
 */
public final class ExchangeMemory {

  /** Bytes of a unit: a semaphore counts to two thousand million only. */
  private static final int UNIT = 1024;

  /**
   * The part of the heap for request bodies: a quarter. A payload as JSON is about a third longer
   * than in its entry.
   */
  private static final int REQUESTS_PART = 4;

  /**
   * Heap for each long answer: while it is read, parsed and encoded as messages, several copies are
   * in memory.
   */
  private static final long HEAP_FOR_LONG_ANSWER = 16L * HttpAnswer.LONGEST_BODY;

  /**
   * Heap for each exchange: it takes up to 60 KiB for its connection, its buffers and its call, and
   * exchanges must not fill the heap.
   */
  private static final long HEAP_FOR_EXCHANGE = 256 * 1024;

  private final int requestUnits;
  private final Semaphore requests;
  private final LongRead.Turns longAnswers;
  private final int exchanges;

  /**
   * @param heap the largest size of the heap, in bytes
   */
  public ExchangeMemory(long heap) {
    requestUnits = Math.clamp(heap / REQUESTS_PART / UNIT, 1, Integer.MAX_VALUE);
    requests = new Semaphore(requestUnits, true);
    longAnswers = new LongRead.Turns(Math.clamp(heap / HEAP_FOR_LONG_ANSWER, 1, 1_000));
    exchanges = Math.clamp(heap / HEAP_FOR_EXCHANGE, 1, 100_000);
  }

  /** The limits for the heap of this process. */
  public static ExchangeMemory ofThisProcess() {
    return new ExchangeMemory(Runtime.getRuntime().maxMemory());
  }

  /** The limit of concurrent exchanges of one endpoint. */
  int exchanges() {
    return exchanges;
  }

  /** The longest request body, in bytes. */
  long longestRequest() {
    return (long) requestUnits * UNIT;
  }

  /** Memory that is reserved for a request body until it is released. */
  final class Part {

    private int units;

    private Part(int units) {
      this.units = units;
    }

    long bytes() {
      return (long) units * UNIT;
    }

    /** Releases all but so many bytes. */
    void shrinkTo(int bytes) {
      int kept = Math.min(units, units(bytes));
      requests.release(units - kept);
      units = kept;
    }

    void release() {
      shrinkTo(0);
    }
  }

  private int units(long bytes) {
    return (int) Math.min((bytes + UNIT - 1) / UNIT, requestUnits);
  }

  /** Reserves memory for a request body; empty if it is not free, or others wait for it. */
  Optional<Part> forRequestNow(long bytes) {
    int units = units(bytes);
    try {
      // tryAcquire without a time would overtake those who wait.
      return requests.tryAcquire(units, 0, TimeUnit.SECONDS)
          ? Optional.of(new Part(units))
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Waits for memory for a request body, at most for all that there is. */
  Part forRequest(long bytes) throws InterruptedException {
    int units = units(bytes);
    requests.acquire(units);
    return new Part(units);
  }

  /** The permits to read a long answer. */
  LongRead.Turns longAnswers() {
    return longAnswers;
  }
}
