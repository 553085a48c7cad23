package io.streamfleet.worker.handle;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the HTTP exchanges of a worker may take of the heap, beside the payloads in flight. Who
 * needs more than is free waits, the first come first; an exchange ends with its timeout at the
 * latest, so each wait has an end. Safe for any thread.
 */
public final class ExchangeMemory {

  /** Counted in these, since a semaphore counts no further than two thousand million. */
  private static final int UNIT = 1024;

  /** Request bodies: a payload has about a third more bytes as JSON than in its entry. */
  private static final int REQUESTS_PART = 4;

  /**
   * Of an answer read, taken apart and written as messages there are several copies at once: so
   * much heap for each long one at a time.
   */
  private static final long HEAP_FOR_LONG_ANSWER = 16L * HttpAnswer.LONGEST_BODY;

  /** An exchange takes up to 60 KiB for its connection, its buffers and what it waits with. */
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

  /** For whom it does not matter: as much as the heap of this process allows. */
  public static ExchangeMemory ofThisProcess() {
    return new ExchangeMemory(Runtime.getRuntime().maxMemory());
  }

  /** How many exchanges one endpoint may have at once. */
  int exchanges() {
    return exchanges;
  }

  /** The longest request body, in bytes. */
  long longestRequest() {
    return (long) requestUnits * UNIT;
  }

  /** Memory for request bodies, until it is released. */
  final class Part {

    private int units;

    private Part(int units) {
      this.units = units;
    }

    long bytes() {
      return (long) units * UNIT;
    }

    /** Gives back what is more than so many bytes. */
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

  /** Memory for a request's body, unless somebody has to wait for it. */
  Optional<Part> forRequestNow(long bytes) {
    int units = units(bytes);
    try {
      // The plain tryAcquire would pass by those who wait.
      return requests.tryAcquire(units, 0, TimeUnit.SECONDS)
          ? Optional.of(new Part(units))
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Waits for memory for a request's body; all that there is, where more is asked for. */
  Part forRequest(long bytes) throws InterruptedException {
    int units = units(bytes);
    requests.acquire(units);
    return new Part(units);
  }

  /** Who may read a long answer. */
  LongRead.Turns longAnswers() {
    return longAnswers;
  }
}
