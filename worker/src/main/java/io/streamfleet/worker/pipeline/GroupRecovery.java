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
 * Sees to it that the group of one stream is there again when it is lost, whichever command finds
 * out: creates it where it was, and makes what is in flight pending again. Meanwhile nothing new is
 * asked for, and no answer about who has what is believed. Belongs to the pipeline's loop.
 */
final class GroupRecovery {

  /** Asking where the group is costs next to nothing, and what it moved since is handled again. */
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
   * Creates the group where there is none, and notes where it is: should it be lost before anything
   * was read, nobody could tell any more. Before the loop starts.
   */
  CompletableFuture<Void> begin() {
    return groups
        .create(group)
        .thenCompose(created -> look())
        .thenAccept(known -> position = known);
  }

  /** Notes from time to time where the group is. */
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

  /** Nothing when it can't be told; what was read by ourselves is known at least. */
  private CompletableFuture<@Nullable GroupPosition> look() {
    if (!groups.needsPosition()) {
      return CompletableFuture.completedFuture(null);
    }
    return groups
        .position(group)
        .handle((known, failure) -> failure != null ? null : known.orElse(null));
  }

  /** The group was delivered an entry. */
  void moved(EntryId last) {
    GroupPosition known = position;
    position = known == null ? GroupPosition.at(last) : known.movedTo(last);
  }

  /** Whether the group is being made again. */
  boolean underWay() {
    return underWay;
  }

  /**
   * A command about the stream failed.
   *
   * @return whether that is being seen to: it is trouble only if it happens again
   */
  boolean seesTo(Throwable failure) {
    boolean noGroup = Failures.isNoGroup(failure);
    if (!noGroup && !Failures.isWrongType(failure)) {
      return false;
    }
    suspect();
    return noGroup && !inVain;
  }

  /** The group may be lost: a command failed that tells of one in this pipeline. */
  void suspect() {
    if (!underWay) {
      underWay = true;
      create();
    }
  }

  /** A command that needs the group worked. */
  void works() {
    if (inVain) {
      inVain = false;
      failures = 0;
      report.worked(CREATE);
    }
  }

  private void failed(String what, Throwable failure) {
    if (!seesTo(failure)) {
      report.failed(what, failure);
    }
  }

  /** Whether the group is there again since this was last asked. */
  boolean takeRecovered() {
    boolean news = justRecovered;
    justRecovered = false;
    return news;
  }

  /** Where it was; what is pending for us and not known here is read once more. */
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
                        // Whoever needs the group tries again, and finds out whether somebody else
                        // has created it by then; if not, it is our turn again.
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
            // It will not be otherwise the next time, and reading has to go on.
            recovered();
          } else {
            pause(this::create);
          }
        });
  }

  private void recovered() {
    underWay = false;
    // Until something works that needs the group, another loss is no news.
    inVain = true;
    note();
    justRecovered = true;
  }

  private void pause(Runnable then) {
    failures++;
    loop.after(Backoff.REDIS.after(failures, random), then);
  }
}
