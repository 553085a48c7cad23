package io.streamfleet.operator.consumers;

import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
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

  private final Function<FleetId, Optional<Link>> links;
  private final OperatorMetrics metrics;
  private final DepartureRound rounds;
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
    this.metrics = metrics;
    this.rounds = new DepartureRound(timeout, metrics, audience);
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

  /**
   * Sees to the names of a resource that is gone a last time, and waits for it: for as long as
   * Redis may take to answer.
   *
   * @param livingPods the names of the pods that are still there, as of when it is asked
   */
  public void reconcileOnce(Fleet fleet, Supplier<Set<String>> livingPods)
      throws InterruptedException {
    forget(fleet.id());
    round(new Task(fleet, livingPods));
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
          DepartureRound.Left left = round(now);
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
    private boolean tell(DepartureRound.Left left) {
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

  private DepartureRound.Left round(Task task) throws InterruptedException {
    // While Redis is away there is nothing to do; when it is back, the resource is reconciled.
    Link link = links.apply(task.fleet().id()).orElse(null);
    if (link == null) {
      return DepartureRound.Left.NONE;
    }
    try {
      return rounds.see(task.fleet(), task.livingPods(), link);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("resource", task.fleet().id())
          .addKeyValue("failure", Failures.line(e))
          .log("consumer names could not be seen to");
      return new DepartureRound.Left(1, false);
    }
  }
}
