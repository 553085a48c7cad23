package io.streamfleet.worker.breaker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one handler endpoint. While closed, all messages are sent. It opens when
 * the endpoint is unavailable or nearly all messages fail. While open, one probe at a time is sent,
 * which is an ordinary message; the first probe that succeeds closes the breaker.
 *
 * <p>While it is open, failures use no attempt, except for one probe a minute. So an outage costs
 * at most one message a minute, and a message that fails by its own fault, or kills its endpoint,
 * still uses up its attempts in the end.
 *
 * <p>Thread-safe: pipelines whose handlers have the same endpoint share a breaker.
 */
public final class Breaker {

  /**
   * Between the starts of two probes of an unavailable endpoint: short enough to notice within two
   * seconds that it is back, and hardly any load for an endpoint that is starting.
   */
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /**
   * Each probe that fails by a failure of the message doubles the pause up to this, since such a
   * probe may use an attempt.
   */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** Upper bound of {@code Retry-After}: a wrong value must not block the endpoint for ever. */
  public static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  /** At most one failed probe uses an attempt in this time: see the class. */
  static final Duration CHARGED_EVERY = Duration.ofMinutes(1);

  /** Notified when a breaker opens or closes, on any thread. Must not block. */
  public interface Listener {
    void changed();
  }

  /** Reports changes to people: log and metrics. */
  public interface Report {

    /**
     * The breaker opened: the endpoint gets only probes.
     *
     * @param failure the failure that opened it, in one line
     */
    void opened(String endpoint, Cause cause, String failure);

    /**
     * The breaker closed: the endpoint gets all messages.
     *
     * @param open how long it was open
     */
    void closed(String endpoint, Duration open);
  }

  private final String endpoint;
  private final LongSupplier nanoTime;
  private final Report report;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final FailureRun run = new FailureRun();
  private volatile boolean open;

  /** Whether a success changes nothing; spares nearly all calls the lock. */
  private volatile boolean quiet = true;

  private volatile @Nullable Object probe;
  private boolean reserved;
  private Duration pause = FIRST_PAUSE;
  private long nextProbe;
  private long openedAt;
  private long forgivenSince;
  private long lastCharge;

  public Breaker(String endpoint, LongSupplier nanoTime, Report report) {
    this.endpoint = endpoint;
    this.nanoTime = nanoTime;
    this.report = report;
  }

  public String endpoint() {
    return endpoint;
  }

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  public boolean isOpen() {
    return open;
  }

  /** Whether the handler may be called with this message now. */
  public boolean admits(Object message) {
    return !open || isProbe(message);
  }

  @SuppressWarnings("ReferenceEquality") // messages are compared by identity
  public boolean isProbe(Object message) {
    return probe == message;
  }

  /** When the run of failures that opened it began, in nanoseconds of {@code nanoTime}. */
  public synchronized long forgivenSince() {
    return forgivenSince;
  }

  // --- probes

  /**
   * Reserves the next probe.
   *
   * @return whether the caller may send it; then it must call {@link #begin} or {@link #withdraw}
   */
  public synchronized boolean reserve() {
    long now = nanoTime.getAsLong();
    if (!open || reserved || now - nextProbe < 0) {
      return false;
    }
    reserved = true;
    return true;
  }

  /** This message is the probe. The pause starts now, so that at most one a second is sent. */
  public synchronized void begin(Object message) {
    probe = message;
    nextProbe = nanoTime.getAsLong() + pause.toNanos();
  }

  /** Returns the reservation: there was nothing to send, or the probe was not sent. */
  public synchronized void withdraw() {
    reserved = false;
    probe = null;
  }

  // --- results of calls

  /** A call ended without saying anything about the endpoint: interrupted, or never started. */
  public void ended(Object message) {
    if (isProbe(message)) {
      withdraw();
    }
  }

  /** A call succeeded. */
  public void succeeded(Object message) {
    if (!quiet) {
      success(message);
    }
  }

  private synchronized void success(Object message) {
    if (!open) {
      run.end();
      quiet = true;
    } else if (isProbe(message)) {
      open = false;
      quiet = true;
      withdraw();
      report.closed(endpoint, Duration.ofNanos(nanoTime.getAsLong() - openedAt));
      listeners.forEach(Listener::changed);
    }
  }

  /**
   * A call failed.
   *
   * @param what the failure in one line, for the report if the breaker opens
   * @return whether the failure uses an attempt of the message
   */
  public synchronized Charge failed(Object message, Failure failure, String what) {
    quiet = false;
    long now = nanoTime.getAsLong();
    Charge charge =
        open ? whileOpen(message, failure, now) : whileClosed(message, failure, now, what);
    if (open && failure instanceof Failure.Unavailable(Duration retryAfter)) {
      Duration wait =
          retryAfter.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : retryAfter;
      notBefore(now + wait.toNanos());
    }
    return failure instanceof Failure.Unavailable ? Charge.NOTHING : charge;
  }

  /**
   * The call that failed last had this message, too; it counts as one call.
   *
   * @return as {@link #failed}
   */
  public synchronized Charge failedWithIt(Object message, Failure failure) {
    Charge charge = open ? whileOpen(message, failure, nanoTime.getAsLong()) : Charge.ATTEMPT;
    return failure instanceof Failure.Unavailable ? Charge.NOTHING : charge;
  }

  private Charge whileClosed(Object message, Failure failure, long now, String what) {
    Cause cause = run.add(message, failure, now).orElse(null);
    boolean said = failure instanceof Failure.Unavailable(Duration asked) && asked.isPositive();
    if (cause == null && !said) {
      return Charge.ATTEMPT;
    }
    forgivenSince = run.since();
    run.end();
    open = true;
    openedAt = now;
    lastCharge = now;
    pause = FIRST_PAUSE;
    nextProbe = now + pause.toNanos();
    report.opened(endpoint, cause == null ? Cause.UNAVAILABLE : cause, what);
    listeners.forEach(Listener::changed);
    return Charge.FORGIVEN;
  }

  private Charge whileOpen(Object message, Failure failure, long now) {
    if (!isProbe(message)) {
      return Charge.FORGIVEN;
    }
    withdraw();
    if (failure instanceof Failure.OfMessage) {
      notBefore(now + pause.toNanos());
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    } else {
      pause = FIRST_PAUSE;
    }
    if (failure instanceof Failure.Unavailable || now - lastCharge < CHARGED_EVERY.toNanos()) {
      return Charge.NOTHING;
    }
    lastCharge = now;
    return Charge.ATTEMPT;
  }

  private void notBefore(long time) {
    if (time - nextProbe > 0) {
      nextProbe = time;
    }
  }
}
