package io.streamfleet.worker.breaker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether one endpoint of handlers gets messages. Closed, it gets them all. It opens when the
 * endpoint is unavailable, or nearly all messages fail; then there is one probe at a time, each a
 * message like any other, and the first that is handled closes it.
 *
 * <p>While it is open failures cost no attempt, but for one probe a minute: so an outage takes a
 * message a minute at the worst, and a message that fails by its own fault, or kills its endpoint,
 * comes to its end all the same.
 *
 * <p>Safe for any thread: pipelines whose handlers have the same endpoint share it.
 */
public final class Breaker {

  /**
   * Between the beginnings of two probes of an endpoint that is unavailable: often enough to find
   * it within two seconds, and no load for one that starts.
   */
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** Each probe that fails by itself doubles the pause up to this: they may cost attempts. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** How long an endpoint may have itself left alone: a bug in its sums must not be for ever. */
  public static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  /** A probe that fails uses up an attempt this often: see the class. */
  static final Duration CHARGED_EVERY = Duration.ofMinutes(1);

  /** Hears that a breaker opened or closed, on any thread, and must be quick. */
  public interface Listener {
    void changed();
  }

  /** Tells people. */
  public interface Report {

    /**
     * The endpoint gets nothing but probes from now on.
     *
     * @param failure the last failure before, in one line
     */
    void opened(String endpoint, Cause cause, String failure);

    /** The endpoint gets everything again. */
    void closed(String endpoint, Duration afterwards);
  }

  private final String endpoint;
  private final LongSupplier nanoTime;
  private final Report report;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final FailureRun run = new FailureRun();
  private volatile boolean open;

  /** Whether a success changes nothing, which is what nearly all calls ask. */
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

  /** Whether the handler may begin with this message now. */
  public boolean admits(Object message) {
    return !open || isProbe(message);
  }

  @SuppressWarnings("ReferenceEquality") // a message is itself
  public boolean isProbe(Object message) {
    return probe == message;
  }

  /** Since when failures were part of the run that opened it, in nanoseconds. */
  public synchronized long forgivenSince() {
    return forgivenSince;
  }

  // --- probes

  /** Asks to send a probe; who may has to {@link #begin} one or to {@link #withdraw}. */
  public synchronized boolean reserve() {
    long now = nanoTime.getAsLong();
    if (!open || reserved || now - nextProbe < 0) {
      return false;
    }
    reserved = true;
    return true;
  }

  /** This message is the probe. It counts from now on, so that there is one a second at most. */
  public synchronized void begin(Object message) {
    probe = message;
    nextProbe = nanoTime.getAsLong() + pause.toNanos();
  }

  /** Nothing was there to be sent, or it did not get there. */
  public synchronized void withdraw() {
    reserved = false;
    probe = null;
  }

  // --- what came of messages

  /** A call came to nothing that tells of the endpoint: it was interrupted, or did not begin. */
  public void ended(Object message) {
    if (isProbe(message)) {
      withdraw();
    }
  }

  /** A message was handled. */
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
   * A message failed.
   *
   * @param what one line, should the breaker open for it
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
