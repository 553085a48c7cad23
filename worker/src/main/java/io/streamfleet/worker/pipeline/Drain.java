package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerDeparture;
import io.streamfleet.redis.group.DepartureResult;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains a pipeline: waits for handlers within the grace period, writes their settlements to Redis,
 * and makes the entries that are left claimable at once.
 */
final class Drain {

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  /**
   * The time for interrupted handlers, and for the last calls to Redis: short, since Kubernetes
   * kills the process soon after the grace period.
   */
  private static final Duration LAST_CALLS = Duration.ofSeconds(2);

  private final PipelineSettings settings;
  private final EntryPath path;
  private final EventLoop loop;
  private final Link commands;
  private final List<Link> readLinks;

  /** Whether the entries that are left stay pending for this consumer, for its next process. */
  private final boolean keeps;

  private final boolean isPartitioned;

  /** The partitions, which are given up, unless what is left stays. */
  private final @Nullable OwnedStreams owned;

  Drain(
      Shared shared,
      EntryPath path,
      @Nullable OwnedStreams owned,
      List<Link> readLinks,
      boolean keeps) {
    this.settings = shared.settings();
    this.path = path;
    this.loop = shared.loop();
    this.commands = shared.commands();
    this.readLinks = readLinks;
    this.owned = keeps ? null : owned;
    this.isPartitioned = owned != null;
    this.keeps = keeps;
  }

  /** Drains. To be called once, not on the loop. Returns whether no entry is left. */
  boolean drain(Duration grace) throws InterruptedException {
    long deadline = settings.nanoTime().getAsLong() + grace.toNanos();
    loop.execute(path::drain);
    CompletableFuture<Void> givenUp = giveUpPartitions();
    unblockReads();
    if (!await(() -> path.dispatcher().running() == 0, deadline)) {
      loop.execute(this::interruptHandlers);
      await(() -> path.dispatcher().running() == 0, soon());
    }
    boolean settled = await(() -> path.settlement().nothingIsOpen(), Math.max(deadline, soon()));
    await(givenUp::isDone, Math.max(deadline, soon()));
    // What a read that is closed in mid-block may still bring is pending for us, and let go below.
    await(this::readsEnded, soon());
    readLinks.forEach(Link::close);
    boolean left = letGo();
    if (!settled) {
      LOG.warn("could not acknowledge all handled entries; they will be delivered again");
    }
    return settled && !left;
  }

  /** Each is another's as soon as its own handlers have ended. */
  private CompletableFuture<Void> giveUpPartitions() {
    OwnedStreams streams = owned;
    return streams == null
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.supplyAsync(streams::drain, loop).thenCompose(done -> done);
  }

  /**
   * Ends blocking reads by CLIENT UNBLOCK, if the server permits it and the id of the connection is
   * known. Other reads end when their connection is closed.
   */
  private void unblockReads() {
    for (Link link : readLinks) {
      link.unblockFrom(commands);
    }
  }

  private boolean readsEnded() {
    return path.intakes().all().stream().allMatch(intake -> intake.parts().source().idle());
  }

  private void interruptHandlers() {
    for (StreamIntake intake : path.intakes()) {
      for (Entry entry : List.copyOf(intake.entries().pending().entries())) {
        entry.interrupt(Interruption.DRAINING);
      }
    }
  }

  private long soon() {
    return settings.nanoTime().getAsLong() + LAST_CALLS.toNanos();
  }

  /** Checks a condition on the loop until it is met or the deadline is over. */
  private boolean await(BooleanSupplier condition, long deadline) throws InterruptedException {
    CountDownLatch met = new CountDownLatch(1);
    loop.execute(() -> check(condition, met, deadline));
    long left = deadline - settings.nanoTime().getAsLong();
    return met.await(Math.max(0, left), TimeUnit.NANOSECONDS);
  }

  private void check(BooleanSupplier condition, CountDownLatch met, long deadline) {
    if (condition.getAsBoolean()) {
      met.countDown();
    } else if (loop.now() - deadline < 0) {
      loop.after(Duration.ofMillis(5), () -> check(condition, met, deadline));
    }
  }

  /**
   * Releases locks, makes the entries that are left claimable, and deletes the consumer name.
   *
   * @return whether a consumer name, and so perhaps entries, are left
   */
  private boolean letGo() throws InterruptedException {
    List<CompletableFuture<?>> calls = new ArrayList<>();
    CompletableFuture<Void> released = new CompletableFuture<>();
    loop.execute(
        () -> {
          CompletableFuture.allOf(path.orders().releaseAll(), path.traces().flush())
              .whenComplete(
                  (done, failure) -> {
                    if (failure == null) {
                      released.complete(null);
                    } else {
                      released.completeExceptionally(failure);
                    }
                  });
        });
    calls.add(released);
    ConsumerDeparture departure =
        new ConsumerDeparture(
            commands, NoticeChannels.of(commands, settings.control().noticePrefix()));
    List<CompletableFuture<Boolean>> removals = new ArrayList<>();
    // In partitions that is done one by one.
    boolean leavesNames = !keeps && !isPartitioned;
    for (StreamIntake intake : leavesNames ? path.intakes().all() : List.<StreamIntake>of()) {
      StreamConsumer stream = intake.stream();
      CompletableFuture<List<EntryId>> tried =
          CompletableFuture.supplyAsync(
              () -> TriedEntries.of(intake.entries(), path.deliveries()), loop);
      removals.add(
          released
              .thenCompose(done -> tried)
              .thenCompose(ids -> departure.leave(stream.consumerGroup(), stream.consumer(), ids))
              .thenApply(DepartureResult::nameGone));
    }
    calls.addAll(removals);
    try {
      CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
          .get(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS);
      return keeps
          || (owned != null && owned.leftSome())
          || removals.stream().anyMatch(removed -> !removed.join());
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn()
          .addKeyValue("failure", Failures.line(e))
          .log("could not release locks and entries in Redis; they expire by themselves");
      return true;
    }
  }
}
