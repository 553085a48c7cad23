package io.streamfleet.operator.consumers;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OrderingMode;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.AbandonedLocks;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.Departed;
import io.streamfleet.redis.group.Departure;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a pod is gone, what was pending for it is made claimable at once, and its name is removed
 * once it is empty. Level-triggered: each round compares the names that the groups have with the
 * pods that there are, so that an operator that was away finds everything that happened meanwhile.
 *
 * <p>That a pod is gone is the API server's word, and it may be wrong about the process: a node
 * that is cut off from Kubernetes alone goes on to work. So Redis is asked, in the same step,
 * whether the process still listens; while it does, and calls, it loses nothing.
 *
 * <p>A resource for which there is work has a virtual thread of its own until there is none.
 */
public final class ConsumerNames implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerNames.class);

  /** A pod that is killed has its connections closed by its kernel within moments. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  /** Entries of a group without living workers wait for one, which may be days. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** A process that outlives its pod may end at any time, and nobody tells. */
  private static final Duration PAUSE_OF_THE_LIVING = Duration.ofSeconds(1);

  /** Ten million keys; beyond, the locks expire about as soon. */
  private static final Duration PATIENCE_WITH_A_SCAN = Duration.ofSeconds(15);

  private final Function<FleetId, Optional<Link>> links;
  private final Duration timeout;
  private final OperatorMetrics metrics;
  private final Audience audience;
  private final ConcurrentMap<FleetId, Watch> watches = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Who hears of what was done, on the thread that did it. */
  @FunctionalInterface
  public interface Audience {
    void handedOver(Fleet fleet, ConsumerGroup group, String consumer, long entries);
  }

  /** What a round is about. */
  private record Task(Fleet fleet, Supplier<Set<String>> livingPods) {}

  /**
   * @param links the connection to a resource's Redis, while there is one
   * @param timeout how long Redis may take to answer
   */
  public ConsumerNames(
      Function<FleetId, Optional<Link>> links,
      Duration timeout,
      OperatorMetrics metrics,
      Audience audience) {
    this.links = links;
    this.timeout = timeout;
    this.metrics = metrics;
    this.audience = audience;
  }

  /**
   * Sees to the names of a resource's groups: now, and again until no name is left that should not
   * be. Returns at once.
   *
   * @param livingPods the names of the pods that are there, as of when it is asked
   */
  public void reconcile(Fleet fleet, Supplier<Set<String>> livingPods) {
    if (closed || fleet.spec().paused()) {
      forget(fleet.id());
      return;
    }
    watches.compute(
        fleet.id(),
        (id, running) -> {
          Watch watch = running == null ? new Watch(id) : running;
          watch.task.set(new Task(fleet, livingPods));
          watch.asked.release();
          if (running == null) {
            Thread.ofVirtual().name("consumer-names-" + id).start(watch::run);
          }
          return watch;
        });
  }

  /** The resource is gone, or is to be left alone. */
  public void forget(FleetId id) {
    Watch watch = watches.remove(id);
    if (watch != null) {
      watch.task.set(null);
      watch.asked.release();
      metrics.departing(id.namespace(), id.name(), 0);
    }
  }

  @Override
  public void close() {
    closed = true;
    watches.keySet().forEach(this::forget);
  }

  /** The rounds for one resource. */
  private final class Watch {

    private final FleetId id;
    private final AtomicReference<@org.jspecify.annotations.Nullable Task> task =
        new AtomicReference<>();
    private final Semaphore asked = new Semaphore(0);

    Watch(FleetId id) {
      this.id = id;
    }

    void run() {
      Duration pause = FIRST_PAUSE;
      try {
        while (true) {
          boolean fresh = asked.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
          asked.drainPermits();
          Task now = task.get();
          if (now == null) {
            return;
          }
          pause = fresh ? FIRST_PAUSE : longer(pause);
          Left left = round(now);
          if (!tell(left) || (left.names() == 0 && retire())) {
            return;
          }
          if (left.someAlive() && pause.compareTo(PAUSE_OF_THE_LIVING) > 0) {
            pause = PAUSE_OF_THE_LIVING;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Returns whether this is still wanted: the gauge of a resource that is gone stays gone. */
    private boolean tell(Left left) {
      return watches.computeIfPresent(
              id,
              (key, watch) -> {
                if (watch == this) {
                  metrics.departing(id.namespace(), id.name(), left.names());
                }
                return watch;
              })
          == this;
    }

    /** Ends, unless there was a call for another round meanwhile. */
    private boolean retire() {
      return watches.computeIfPresent(
              id, (key, watch) -> watch == this && asked.availablePermits() == 0 ? null : watch)
          != this;
    }

    private static Duration longer(Duration pause) {
      Duration twice = pause.multipliedBy(2);
      return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  /** What a round came to: how many names are left, and of them those of the living. */
  private record Left(int names, boolean someAlive) {

    static final Left NONE = new Left(0, false);

    Left and(Departed departed) {
      return departed.nameGone() ? this : new Left(names + 1, someAlive || departed.alive());
    }
  }

  private Left round(Task task) throws InterruptedException {
    // While Redis is away there is nothing to do; when it is back, the resource is reconciled.
    Link link = links.apply(task.fleet().id()).orElse(null);
    if (link == null) {
      return Left.NONE;
    }
    try {
      return round(task, link);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("resource", task.fleet().id())
          .addKeyValue("failure", Failures.line(e))
          .log("consumer names could not be seen to; trying again");
      return new Left(1, false);
    }
  }

  private Left round(Task task, Link link)
      throws ExecutionException, InterruptedException, TimeoutException {
    Fleet fleet = task.fleet();
    List<ObservedGroup> groups =
        new GroupInspection(link)
            .look(
                fleet.groups().stream().map(DeclaredGroup::group).toList(),
                GroupInspection.Consumers.ALL,
                List.of())
            .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .groups();
    // The names before the pods: whose name was there had its pod before, so a new one is known.
    GoneNames gone = new GoneNames(fleet, task.livingPods().get());
    Departure departure =
        new Departure(link, new NoticeChannels(fleet.spec().control().noticePrefix()));
    List<Release> releases = new ArrayList<>();
    for (ObservedGroup group : groups) {
      for (ObservedConsumer consumer : group.consumers()) {
        if (gone.isGone(consumer)) {
          releases.add(
              new Release(
                  group.group(),
                  consumer.name(),
                  gone.isOurs(consumer)
                      ? departure.release(group.group(), consumer.name(), gone.longestSilence())
                      : departure.removeEmpty(group.group(), consumer.name())));
        }
      }
    }
    return told(fleet, link, releases);
  }

  /** All are on their way at once: a node that is lost takes many pods with it. */
  private record Release(ConsumerGroup group, String consumer, CompletableFuture<Departed> reply) {}

  /** Nobody is told before the last entry is free: telling may take its time. */
  private Left told(Fleet fleet, Link link, List<Release> releases) throws InterruptedException {
    Left left = Left.NONE;
    Set<String> gone = new HashSet<>();
    for (Release release : releases) {
      Departed departed = outcome(fleet, release);
      left = left.and(departed);
      if (!departed.alive() && (departed.released() > 0 || departed.nameGone())) {
        gone.add(release.consumer());
      }
    }
    unlock(fleet, link, gone);
    for (Release release : releases) {
      if (release.reply().isDone() && !release.reply().isCompletedExceptionally()) {
        report(fleet, release, release.reply().join());
      }
    }
    return left;
  }

  /** What is free to be claimed is of no use while its channel is locked by who is gone. */
  private void unlock(Fleet fleet, Link link, Set<String> gone) throws InterruptedException {
    gone.removeIf(consumer -> !fleet.names().isWorkerPod(consumer));
    if (gone.isEmpty()) {
      return;
    }
    for (String template : lockTemplates(fleet)) {
      try {
        long locks =
            new AbandonedLocks(link, template)
                .release(gone)
                .get(PATIENCE_WITH_A_SCAN.toMillis(), TimeUnit.MILLISECONDS);
        LOG.atInfo()
            .addKeyValue("resource", fleet.id())
            .addKeyValue("consumers", gone.size())
            .addKeyValue("locks", locks)
            .log("the locks of pods that are gone were released");
      } catch (ExecutionException | TimeoutException e) {
        LOG.atWarn()
            .addKeyValue("resource", fleet.id())
            .addKeyValue("failure", Failures.line(e))
            .log("the locks of pods that are gone were not released; they expire by themselves");
      }
    }
  }

  private static Set<String> lockTemplates(Fleet fleet) {
    InboundSpec inbound = fleet.spec().inbound();
    OutboundSpec outbound = fleet.spec().outbound();
    return Stream.of(
            Optional.ofNullable(inbound).map(InboundSpec::ordering),
            Optional.ofNullable(outbound).map(OutboundSpec::ordering))
        .flatMap(Optional::stream)
        .filter(ordering -> ordering.mode() == OrderingMode.Channel)
        .map(OrderingSpec::lockTemplate)
        .collect(Collectors.toSet());
  }

  /** One group that can't be asked holds nobody else up; its names are tried again. */
  private Departed outcome(Fleet fleet, Release release) throws InterruptedException {
    try {
      return release.reply().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .addKeyValue("stream", release.group().stream())
          .addKeyValue("consumer", release.consumer())
          .addKeyValue("failure", Failures.line(e))
          .log("the entries of a pod that is gone could not be handed over; trying again");
      return new Departed(0, false, false);
    }
  }

  private void report(Fleet fleet, Release release, Departed departed) {
    if (departed.nameGone()) {
      metrics.nameRemoved();
      LOG.atInfo()
          .addKeyValue("resource", fleet.id())
          .addKeyValue("stream", release.group().stream())
          .addKeyValue("consumer", release.consumer())
          .log("the name of a pod that is gone was removed");
    }
    if (departed.released() > 0) {
      metrics.handedOver(departed.released());
      audience.handedOver(fleet, release.group(), release.consumer(), departed.released());
    }
  }
}
