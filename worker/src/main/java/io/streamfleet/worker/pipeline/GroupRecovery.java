package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.GroupCreation;
import io.streamfleet.redis.group.GroupPosition;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.pending.Restoration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Recovers the group of one stream when it is lost, whichever command detects that: creates it at
 * its last position, and makes the entries in flight pending again. Meanwhile nothing new is read,
 * and replies about ownership are ignored. Belongs to the pipeline's loop.
 */
final class GroupRecovery {

  /**
   * Between two queries of the group's position. A query costs next to nothing, and entries
   * delivered since the last one are handled again after a loss.
   */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

  /** The operation that fails while the group cannot be created. */
  static final String CREATE = "create the group again";

  private static final String RESTORE = "make entries pending again";

  private final EventLoop loop;
  private final ConsumerGroup group;
  private final GroupCreation groups;
  private final Restoration restoration;
  private final RandomGenerator random;
  private final StreamEntries entries;
  private final CallReport report;
  private @Nullable GroupPosition position;
  private boolean underWay;
  private boolean inVain;
  private boolean stopped;
  private boolean justRecovered;
  private int failures;

  GroupRecovery(Shared shared, StreamEntries entries, GroupCreation groups) {
    StreamConsumer stream = entries.stream();
    this.loop = shared.loop();
    this.group = stream.consumerGroup();
    this.groups = groups;
    this.restoration = new Restoration(loop, shared.commands(), stream);
    this.random = shared.settings().random();
    this.entries = entries;
    this.report = shared.failing().ofStream(stream.stream());
  }

  /**
   * Creates the group if it does not exist, and remembers its position, in case it is lost before
   * anything was read. To be called before the loop starts.
   */
  CompletableFuture<Void> begin() {
    return groups
        .create(group)
        .thenCompose(created -> look())
        .thenAccept(known -> position = known);
  }

  /**
   * The group could not be created at the start: its stream cannot be read until a command that
   * needs the group succeeds. To be called before the loop starts, so that the worker is not ready
   * for a moment: a roll-out would take that for success, and end the workers that can read.
   */
  void refusedAtStart(Throwable failure) {
    inVain = true;
    report.failed(CREATE, failure);
  }

  /** Starts to query the group's position periodically. */
  void start() {
    if (groups.needsPosition()) {
      lookLater();
    }
  }

  void stop() {
    stopped = true;
  }

  private void lookLater() {
    loop.after(
        LOOK_INTERVAL,
        () -> {
          if (!stopped) {
            note();
            lookLater();
          }
        });
  }

  private void note() {
    look()
        .thenAccept(
            known ->
                loop.execute(
                    () -> {
                      if (known != null && !underWay) {
                        position = known;
                      }
                    }));
  }

  /** The group's position; null if it is unknown. Then that of this worker's last read is used. */
  private CompletableFuture<@Nullable GroupPosition> look() {
    if (!groups.needsPosition()) {
      return CompletableFuture.completedFuture(null);
    }
    return groups
        .position(group)
        .handle((known, failure) -> failure != null ? null : known.orElse(null));
  }

  /** The group has delivered an entry to this consumer. */
  void moved(EntryId last) {
    GroupPosition known = position;
    position = known == null ? GroupPosition.at(last) : known.movedTo(last);
  }

  /** Whether a recovery is in progress. */
  boolean underWay() {
    return underWay;
  }

  /**
   * A command for the stream failed. Starts a recovery if the group or the stream does not exist.
   *
   * @return whether the failure need not be reported, since the recovery is expected to fix it
   */
  boolean recoversFrom(Throwable failure) {
    boolean noGroup = Failures.isNoGroup(failure);
    if (!noGroup && !Failures.isWrongType(failure)) {
      return false;
    }
    suspect();
    return noGroup && !inVain;
  }

  /** The group may be lost: starts a recovery, unless one is in progress. */
  void suspect() {
    if (!underWay) {
      underWay = true;
      create();
    }
  }

  /** A command that needs the group succeeded. */
  void works() {
    if (inVain) {
      inVain = false;
      failures = 0;
      report.worked(CREATE);
    }
  }

  private void failed(String what, Throwable failure) {
    if (!recoversFrom(failure)) {
      report.failed(what, failure);
    }
  }

  /** Whether the group was recovered since the last call. */
  boolean takeRecovered() {
    boolean recovered = justRecovered;
    justRecovered = false;
    return recovered;
  }

  /** Its last position, or that of the oldest entry that was left out, which is then read again. */
  private @Nullable GroupPosition from() {
    EntryId left = entries.oldestLeft();
    GroupPosition known = position;
    if (left == null) {
      return known;
    }
    return known == null ? GroupPosition.at(left.before()) : known.movedTo(left.before());
  }

  private void create() {
    groups
        .recreate(group, from())
        .whenComplete(
            (created, problem) ->
                loop.execute(
                    () -> {
                      if (problem != null) {
                        inVain = true;
                        failed(CREATE, problem);
                        // Commands that need the group are repeated. If they still fail, because
                        // nobody else has created it, the next one starts another recovery.
                        pause(() -> underWay = false);
                      } else {
                        report.worked(CREATE);
                        restore();
                      }
                    }));
  }

  private void restore() {
    restoration.restore(
        entries.withUs(),
        problem -> {
          if (problem == null) {
            report.worked(RESTORE);
            recovered();
            return;
          }
          failed(RESTORE, problem);
          if (Failures.isRefusal(problem) && !Failures.isNoGroup(problem)) {
            // A repetition would be refused as well, and reading must continue.
            recovered();
          } else {
            pause(this::create);
          }
        });
  }

  private void recovered() {
    underWay = false;
    // Another loss is a failure to report, until a command that needs the group succeeds.
    inVain = true;
    note();
    justRecovered = true;
  }

  private void pause(Runnable then) {
    failures++;
    loop.after(Backoff.REDIS.after(failures, random), then);
  }
}
