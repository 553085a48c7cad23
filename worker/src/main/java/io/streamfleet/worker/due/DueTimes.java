package io.streamfleet.worker.due;

import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.entry.Wait;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Stores in Redis when the next attempt of a failed entry is due. A worker that brings the entry in
 * flight (by a claim, a hand-over or at its start) gets the due time in the same call, as a {@link
 * Wait}. An entry that never fails costs nothing. Belongs to the pipeline's loop.
 *
 * <p>The key is the stream's name, {@code :due:} and the group's name. In a Cluster the key must be
 * in the slot of the stream, so a stream name without a hash tag is put in braces. If that is not
 * possible, because the name contains braces that are no hash tag, no due times are stored.
 */
public final class DueTimes {

  /** Functions that other scripts are appended to: see the file. */
  public static final Script FUNCTIONS = Script.beside(DueTimes.class, "due.lua");

  private static final Script WAIT = Script.beside(DueTimes.class, "wait.lua");

  /** The operation in the log and in metrics. */
  public static final String KEEP = "keep due time";

  /** Shorter waits are not stored: a worker that takes an entry over needs as long to start it. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /**
   * How long a due time is kept after it has passed. It still tells which attempt failed, while the
   * entry waits for its channel's lock as a parked entry.
   */
  private static final Duration KEPT = Duration.ofHours(1);

  private final EventLoop loop;
  private final Link link;
  private final RandomGenerator random;
  private final CallReport report;

  /**
   * @param report notified of each call, on the loop
   */
  public DueTimes(EventLoop loop, Link link, RandomGenerator random, CallReport report) {
    this.loop = loop;
    this.link = link;
    this.random = random;
    this.report = report;
  }

  /** The key of the due times of a stream and group; empty if none can be stored. */
  public static String key(Link link, StreamConsumer stream) {
    return link.beside(stream.stream(), ":due:" + stream.group()).orElse("");
  }

  /**
   * Stores that the next attempt at an entry is due after a wait.
   *
   * @param failedAttempt the number of the attempt before that
   */
  public void keep(Entry entry, Duration wait, int failedAttempt) {
    String key = key(link, entry.streamName());
    if (wait.compareTo(SHORTEST) >= 0 && !key.isEmpty()) {
      keep(key, entry, entry.attempt(), failedAttempt, loop.now() + wait.toNanos(), 1);
    }
  }

  /** Retries until the due time has passed, when nobody needs it any more. */
  private void keep(
      String key, Entry entry, int attempt, int failedAttempt, long dueAt, int number) {
    long left = Duration.ofNanos(dueAt - loop.now()).toMillis();
    if (left <= 0 || entry.attempt() != attempt) {
      return;
    }
    link.eval(
            WAIT,
            List.of(key),
            args -> args.add(entry.id()).add(left).add(failedAttempt).add(KEPT.toMillis()))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                loop.execute(() -> report.worked(KEEP));
              } else {
                loop.execute(
                    () ->
                        failed(
                            failure,
                            () -> keep(key, entry, attempt, failedAttempt, dueAt, number + 1),
                            number));
              }
            });
  }

  private void failed(Throwable failure, Runnable again, int number) {
    report.failed(KEEP, failure);
    // A missing right or a key of another type would fail each time.
    if (!Failures.isForbidden(failure) && !Failures.isWrongType(failure)) {
      loop.after(Backoff.REDIS.after(number, random), again);
    }
  }
}
