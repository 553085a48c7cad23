package io.streamfleet.worker.partition;

import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.GroupCreation;
import io.streamfleet.redis.group.GroupPosition;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.metrics.StreamMetrics;
import io.streamfleet.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the entries of a plain stream to its partitions, under the same ids and in the same order,
 * for publishers that can't choose the partition. Only one splitter is active at a time, under a
 * lease of the plain stream. Runs on a thread of its own.
 */
public final class Splitter implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Splitter.class);

  /** The label of its calls in the metric of failed calls. */
  private static final String OPERATION = "split";

  /** Between two attempts to acquire the lease; the next splitter takes over so soon. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** A single failure may be the end of a connection; so many in a row are a fault that lasts. */
  private static final int LASTING = 3;

  private final RedisConnector connector;
  private final SplitSource source;
  private final WorkerMetrics metrics;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final UUID process = UUID.randomUUID();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Sparingly failing;
  private int failures;
  private volatile @Nullable String problem;
  private boolean wasThere;
  private @Nullable GroupPosition position;

  /**
   * Creates a splitter that has still to be run.
   *
   * @param nanoTime measures durations
   */
  public Splitter(
      RedisConnector connector,
      SplitSource source,
      WorkerMetrics metrics,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.connector = connector;
    this.source = source;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.random = random;
    this.failing = new Sparingly(Duration.ofMinutes(1), nanoTime);
  }

  /** Runs until {@link #stop}, whatever fails. */
  @Override
  public void run() {
    metrics.partitions().showSplitter(source.stream().stream(), source.stream().group());
    StreamMetrics ofStream = metrics.forStream(source.stream().stream(), source.stream().group());
    while (stopped.getCount() > 0) {
      // Nothing is sent again: a read or an append that is repeated could do its work twice.
      try (Link link = connector.connectOnce()) {
        split(link, ofStream);
      } catch (RuntimeException | Error e) {
        // An Error, too: nobody else would notice that nothing is split any more.
        pause(failed(e));
      }
    }
  }

  /** Requests the end; the current step is completed. Thread-safe. */
  public void stop() {
    stopped.countDown();
  }

  /** Why nothing is split, if calls have failed for a while. Thread-safe. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Splits over one connection until a call fails, or {@link #stop} was called. */
  private void split(Link link, StreamMetrics ofStream) {
    StreamConsumer stream = source.stream();
    GroupCreation groups = new GroupCreation(link, source.startFrom());
    Leases leases =
        new Leases(
            link, _ -> stream.stream(), stream.group(), stream.consumer(), process, source.term());
    ensure(groups);
    while (stopped.getCount() > 0) {
      note(groups);
      Grant grant = leases.acquire(List.of(0), 0).join().get(0);
      if (grant == null) {
        works();
        pause(LOOK);
        continue;
      }
      try (Link waiting = connector.connect()) {
        SplitterTurn turn =
            new SplitterTurn(
                link,
                waiting,
                source,
                leases,
                grant,
                new PartitionAppender(link, source, metrics.partitions()),
                ofStream,
                nanoTime);
        metrics.partitions().splits(stream.stream(), stream.group(), true);
        try {
          turn.run(() -> stopped.getCount() > 0, this::works);
          leases.release(Map.of(0, grant)).join();
        } finally {
          metrics.partitions().splits(stream.stream(), stream.group(), false);
          turn.newest().ifPresent(this::moved);
        }
      }
    }
  }

  /** The group may have been lost since it was last seen; see {@link GroupCreation#recreate}. */
  private void ensure(GroupCreation groups) {
    ConsumerGroup group = source.stream().consumerGroup();
    (wasThere ? groups.recreate(group, position) : groups.create(group)).join();
    wasThere = true;
  }

  private void note(GroupCreation groups) {
    if (groups.needsPosition()) {
      groups.position(source.stream().consumerGroup()).join().ifPresent(it -> position = it);
    }
  }

  private void moved(EntryId newest) {
    GroupPosition before = position;
    position = before == null ? GroupPosition.at(newest) : before.movedTo(newest);
  }

  private void works() {
    failures = 0;
    problem = null;
    failing.over(
        times ->
            LOG.atInfo()
                .addKeyValue("stream", source.stream().stream())
                .addKeyValue("failures", times)
                .log("splitting again"));
  }

  /** Returns how long to wait. */
  private Duration failed(Throwable failure) {
    failures++;
    metrics.redisFailed(OPERATION);
    String line = Failures.line(Failures.root(failure));
    if (failures >= LASTING) {
      problem = "stream %s can't be split: %s".formatted(source.stream().stream(), line);
    }
    failing.say(
        unsaid ->
            LOG.atWarn()
                .addKeyValue("stream", source.stream().stream())
                .addKeyValue("failure", line)
                .addKeyValue("unsaid", unsaid)
                .log("splitting failed; trying again"));
    return Backoff.REDIS.after(failures, random);
  }

  private void pause(Duration time) {
    try {
      if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      stop();
      Thread.currentThread().interrupt();
    }
  }
}
