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
 * Keeps in Redis when the next attempt of a failed entry is due. Who brings an entry in flight,
 * whichever way, hears of it in the same call, as a {@link Wait}. An entry that never fails costs
 * nothing. Belongs to the pipeline's loop.
 *
 * <p>The key is the stream's with {@code :due:} and the group's name behind it. In a Cluster it
 * must be in the slot of the stream: a stream without a hash tag is put in braces in it, and where
 * that leads nowhere (braces that are no tag) no due times are kept.
 */
public final class DueTimes {

  /** Functions for scripts to come after: see the file. */
  public static final Script FUNCTIONS = Script.beside(DueTimes.class, "due.lua");

  private static final Script WAIT = Script.beside(DueTimes.class, "wait.lua");

  /** What a call is for, in the log and as the label of a metric. */
  public static final String KEEP = "keep due time";

  /** Shorter waits are not kept: whoever takes an entry over takes as long to begin with it. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /**
   * A due time that has passed still tells which attempt failed: for so long an entry may wait
   * behind a lock, known by id, with that attempt as its count.
   */
  private static final Duration KEPT = Duration.ofHours(1);

  private final EventLoop loop;
  private final Link link;
  private final RandomGenerator random;
  private final CallReport report;

  /**
   * @param report hears, on the loop, of each try
   */
  public DueTimes(EventLoop loop, Link link, RandomGenerator random, CallReport report) {
    this.loop = loop;
    this.link = link;
    this.random = random;
    this.report = report;
  }

  /** The key of a stream's due times for its group; empty where none can be kept. */
  public static String key(Link link, StreamConsumer stream) {
    return link.beside(stream.stream(), ":due:" + stream.group()).orElse("");
  }

  /** An attempt at an entry failed, and the next one is to wait. */
  public void keep(Entry entry, Duration wait) {
    String key = key(link, entry.streamName());
    if (wait.compareTo(SHORTEST) >= 0 && !key.isEmpty()) {
      keep(key, entry, entry.attempt(), loop.now() + wait.toNanos(), 1);
    }
  }

  /** Tried again until the time is over, when nobody needs it any more. */
  private void keep(String key, Entry entry, int attempt, long dueAt, int number) {
    long left = Duration.ofNanos(dueAt - loop.now()).toMillis();
    if (left <= 0 || entry.attempt() != attempt) {
      return;
    }
    link.eval(
            WAIT,
            List.of(key),
            args -> args.add(entry.id()).add(left).add(attempt).add(KEPT.toMillis()))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                loop.execute(() -> report.worked(KEEP));
              } else {
                loop.execute(
                    () ->
                        failed(
                            failure, () -> keep(key, entry, attempt, dueAt, number + 1), number));
              }
            });
  }

  private void failed(Throwable failure, Runnable again, int number) {
    report.failed(KEEP, failure);
    // What the server forbids, or keeps for something else, it will the next time.
    if (!Failures.isForbidden(failure) && !Failures.isWrongType(failure)) {
      loop.after(Backoff.REDIS.after(number, random), again);
    }
  }
}
