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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step 11: the end of a pipeline in good order. Handlers end within the grace period, what they
 * settled reaches Redis, and what is left is another consumer's at once.
 */
final class Drain {

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  /** Interrupted handlers and last calls get this long: Kubernetes kills 30 s after it asked. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final PipelineSettings settings;
  private final EntryPath path;
  private final EventLoop loop;
  private final Link commands;
  private final List<Link> readLinks;

  /** Whether what is left stays with this consumer: its next process knows what may be in it. */
  private final boolean keeps;

  Drain(Shared shared, EntryPath path, List<Link> readLinks, boolean keeps) {
    this.settings = shared.settings();
    this.path = path;
    this.loop = shared.loop();
    this.commands = shared.commands();
    this.readLinks = readLinks;
    this.keeps = keeps;
  }

  /** Returns whether nothing was left behind. To be called once, off the loop. */
  boolean drain(Duration grace) throws InterruptedException {
    long deadline = settings.nanoTime().getAsLong() + grace.toNanos();
    loop.execute(path::drain);
    unblockReads();
    if (!await(() -> path.dispatcher().running() == 0, deadline)) {
      loop.execute(this::interruptHandlers);
      await(() -> path.dispatcher().running() == 0, soon());
    }
    boolean settled = await(() -> path.settlement().nothingIsOpen(), Math.max(deadline, soon()));
    // What a read that is closed in mid-block may still bring is pending for us, and let go below.
    await(this::readsEnded, soon());
    readLinks.forEach(Link::close);
    boolean left = letGo();
    if (!settled) {
      LOG.warn("not all that was handled could be acknowledged; it will be delivered again");
    }
    return settled && !left;
  }

  /**
   * A read that blocks ends at once where the server lets us say so and we know what it calls the
   * connection, else when it is closed.
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
    return settings.nanoTime().getAsLong() + LAST_WORDS.toNanos();
  }

  /** Asks on the loop, until yes or the deadline. */
  private boolean await(BooleanSupplier condition, long deadline) throws InterruptedException {
    CountDownLatch met = new CountDownLatch(1);
    loop.execute(() -> check(condition, met, deadline));
    long patience = deadline - settings.nanoTime().getAsLong();
    return met.await(Math.max(0, patience), TimeUnit.NANOSECONDS);
  }

  private void check(BooleanSupplier condition, CountDownLatch met, long deadline) {
    if (condition.getAsBoolean()) {
      met.countDown();
    } else if (loop.now() - deadline < 0) {
      loop.after(Duration.ofMillis(5), () -> check(condition, met, deadline));
    }
  }

  /** Releases locks, makes what is left claimable, and takes the name out. */
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
    for (StreamIntake intake : keeps ? List.<StreamIntake>of() : path.intakes().all()) {
      StreamConsumer stream = intake.stream();
      CompletableFuture<List<EntryId>> tried =
          CompletableFuture.supplyAsync(() -> tried(intake), loop);
      removals.add(
          released
              .thenCompose(done -> tried)
              .thenCompose(ids -> departure.leave(stream.consumerGroup(), stream.consumer(), ids))
              .thenApply(DepartureResult::nameGone));
    }
    calls.addAll(removals);
    try {
      CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
          .get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
      return keeps || removals.stream().anyMatch(removed -> !removed.join());
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn()
          .addKeyValue("failure", Failures.line(e))
          .log("Redis could not be told of the end; locks and entries time out by themselves");
      return true;
    }
  }

  /**
   * Entries whose delivery is not to be taken back when they are left: the handler has begun with
   * them, it is taken back already, or they were taken over from another life and their delivery to
   * this one was not counted.
   */
  private List<EntryId> tried(StreamIntake intake) {
    return Stream.concat(
            intake.entries().pending().entries().stream()
                .filter(entry -> entry.startedAt() != 0 || path.deliveries().isTakenBack(entry))
                .map(Entry::entryId),
            Stream.concat(
                intake.entries().pending().notCountedYet().stream(),
                ParkedRetries.tried(intake.entries()).stream()))
        .toList();
  }
}
