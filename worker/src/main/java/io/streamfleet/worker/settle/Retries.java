package io.streamfleet.worker.settle;

import io.streamfleet.api.RetrySpec;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.due.DueTimes;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Schedules and counts the next attempts of failed entries. Belongs to the pipeline's loop. */
public final class Retries {

  /** As for an endpoint that asks for a pause: a wrong value must not hold a channel for ever. */
  private static final Duration LONGEST_LIMIT = Duration.ofHours(1);

  private static final Script RETRY = Script.beside(Retries.class, "retry.lua");

  private final EventLoop loop;
  private final Link link;
  private RetrySpec spec;
  private Backoff backoff;
  private final Persistent persistent;
  private final DueTimes dueTimes;
  private final RandomGenerator random;
  private int waiting;

  public Retries(
      EventLoop loop,
      Link link,
      RetrySpec spec,
      Persistent persistent,
      DueTimes dueTimes,
      RandomGenerator random) {
    this.loop = loop;
    this.link = link;
    this.spec = spec;
    this.backoff = new Backoff(spec.initialBackoff(), spec.maxBackoff());
    this.persistent = persistent;
    this.dueTimes = dueTimes;
    this.random = random;
  }

  /** Changes the settings. Waits that have started are not affected. */
  public void use(RetrySpec settings) {
    spec = settings;
    backoff = new Backoff(settings.initialBackoff(), settings.maxBackoff());
  }

  /** How many entries wait for their next attempt. */
  public int waiting() {
    return waiting;
  }

  /** Whether a failed entry has an attempt left. */
  public boolean allowed(Entry entry) {
    return entry.attempt() < spec.maxAttempts();
  }

  /**
   * Waits, then counts the next attempt in Redis. The due time is stored in Redis, too.
   *
   * @param wait see {@link #wait(Entry, Optional)}
   * @param failedAttempt the number of the attempt before the next one: that of this attempt, or
   *     the one before if this one is repeated
   * @param wanted called after the wait: whether the attempt will be made. Otherwise it must not be
   *     counted, or a worker that drains would cost the entry an attempt
   * @param then called on the loop: true if the attempt was counted and the entry is still pending
   *     for this consumer
   */
  public Waiting later(
      Entry entry,
      Duration wait,
      int failedAttempt,
      BooleanSupplier wanted,
      Consumer<Boolean> then) {
    keepDue(entry, wait, failedAttempt);
    return after(wait, entry, failedAttempt + 1, wanted, then);
  }

  /**
   * Like {@link #later}, for an entry whose last attempt failed before it came here: it waits for
   * the rest of the wait that it brought along, but not longer than {@code retry.maxBackoff}. A
   * claim has counted the next attempt already, a hand-over has not.
   */
  public void rest(Entry entry, BooleanSupplier wanted, Consumer<Boolean> then) {
    after(left(entry), entry, failedAttempt(entry) + 1, wanted, then);
  }

  /** The rest of the wait that an entry brought along; negative if it is over. */
  public Duration left(Entry entry) {
    long waited = loop.now() - entry.arrivedAt();
    return atMost(entry.broughtWait().orElseThrow().left(), spec.maxBackoff()).minusNanos(waited);
  }

  /** The number of the attempt that failed before the entry came here. */
  public static int failedAttempt(Entry entry) {
    return entry.broughtWait().orElseThrow().failedAttempt();
  }

  /** Stores in Redis when the next attempt is due. */
  public void keepDue(Entry entry, Duration wait, int failedAttempt) {
    dueTimes.keep(entry, wait, failedAttempt);
  }

  private Waiting after(
      Duration wait, Entry entry, int next, BooleanSupplier wanted, Consumer<Boolean> then) {
    Waiting it = new Waiting(entry);
    loop.after(
        wait,
        () -> {
          if (!it.end()) {
            return;
          }
          if (wanted.getAsBoolean()) {
            attemptAgain(entry, next, then);
          } else {
            then.accept(false);
          }
        });
    return it;
  }

  /** The wait of an entry for its next attempt. */
  public final class Waiting {

    private final Entry entry;
    private boolean over;

    private Waiting(Entry entry) {
      this.entry = entry;
      waiting++;
    }

    private boolean end() {
      boolean ends = !over;
      if (ends) {
        over = true;
        waiting--;
      }
      return ends;
    }

    /** Ends the wait at once and repeats the failed attempt under the same number. */
    public void sameAgain(Consumer<Boolean> then) {
      if (end()) {
        attemptAgain(entry, entry.attempt(), then);
      }
    }
  }

  /** The back-off after the current attempt of an entry, with jitter. */
  public Duration backoff(Entry entry) {
    return backoff.after(entry.attempt(), random);
  }

  /** The delay that the handler asks for, at least the back-off and at most {@code maxBackoff}. */
  public Duration wait(Entry entry, Optional<Duration> retryAfter) {
    Duration own = backoff(entry);
    Duration asked = retryAfter.orElse(Duration.ZERO);
    return atMost(asked.compareTo(own) > 0 ? asked : own, spec.maxBackoff());
  }

  /** The delay that a limited channel asks for, at least the back-off and at most an hour. */
  public Duration limitedFor(Entry entry, Optional<Duration> retryAfter) {
    Duration own = backoff(entry);
    Duration asked = atMost(retryAfter.orElse(Duration.ZERO), LONGEST_LIMIT);
    return asked.compareTo(own) > 0 ? asked : own;
  }

  private static Duration atMost(Duration wanted, Duration most) {
    return wanted.compareTo(most) > 0 ? most : wanted;
  }

  private void attemptAgain(Entry entry, int next, Consumer<Boolean> then) {
    StreamConsumer stream = entry.streamName();
    long sent = loop.now();
    persistent.call(
        "retry",
        () ->
            link.eval(
                RETRY,
                List.of(stream.stream()),
                args ->
                    args.add(stream.group())
                        .add(stream.consumer())
                        .add(entry.id())
                        .add(next)
                        .add(DueTimes.key(link, stream))),
        reply -> {
          int attempt = Math.toIntExact((Long) reply.getFirst());
          boolean ours = attempt > 0;
          if (ours) {
            entry.attempt(attempt);
            entry.owned(sent);
          }
          then.accept(ours);
        });
  }
}
