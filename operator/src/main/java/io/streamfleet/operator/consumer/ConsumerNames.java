package io.streamfleet.operator.consumer;

import io.streamfleet.operator.cluster.PodsByName;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans up after pods that are gone: makes their pending entries claimable at once, and removes
 * their consumers when nothing is pending for them. It is level-triggered: each round compares the
 * consumers of the groups with the pods that exist, so an operator that was down finds everything
 * that happened meanwhile.
 *
 * <p>The API server may report a pod as gone while its process still works, when only its node's
 * connection to Kubernetes is cut. So the same Redis script also checks whether the process still
 * subscribes to its notices and reads; as long as it does, it keeps its entries.
 *
 * <p>A resource that has work here has its own virtual thread until there is none left.
 */
public final class ConsumerNames implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerNames.class);

  /** The kernel closes the connections of a killed pod within moments. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  /** Entries of a group without running workers wait for one, which may take days. */
  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

  /** A process that outlives its pod may end at any time, and no event tells. */
  private static final Duration PAUSE_WHILE_ALIVE = Duration.ofSeconds(1);

  private final Function<FleetId, Optional<Link>> links;
  private final OperatorMetrics metrics;
  private final DepartureRound rounds;
  private final Audience audience;
  private final LongSupplier nanoTime;
  private final ConcurrentMap<FleetId, Watch> watches = new ConcurrentHashMap<>();
  private final ConcurrentMap<FleetId, KnownPods> knownPods = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Is told what was done, on the thread that did it. */
  @FunctionalInterface
  public interface Audience {
    void handedOver(Fleet fleet, List<ReleasedEntries> handedOver);
  }

  /** The input of a round. */
  private record Task(Fleet fleet, Supplier<PodsByName> pods) {}

  /**
   * @param links the connection to a resource's Redis, if there is one
   * @param timeout how long to wait for a reply of Redis
   */
  public ConsumerNames(
      Function<FleetId, Optional<Link>> links,
      Duration timeout,
      OperatorMetrics metrics,
      Audience audience) {
    this(links, timeout, metrics, audience, System::nanoTime);
  }

  ConsumerNames(
      Function<FleetId, Optional<Link>> links,
      Duration timeout,
      OperatorMetrics metrics,
      Audience audience,
      LongSupplier nanoTime) {
    this.links = links;
    this.metrics = metrics;
    this.audience = audience;
    this.nanoTime = nanoTime;
    this.rounds = new DepartureRound(timeout, metrics);
  }

  /**
   * Reconciles the consumers of a resource's groups: now, and repeatedly until nothing is left to
   * clean up. Returns at once.
   *
   * @param pods supplies the present names of its pods
   */
  public void reconcile(Fleet fleet, Supplier<PodsByName> pods) {
    if (closed || fleet.spec().paused()) {
      rest(fleet.id());
      return;
    }
    watches.compute(
        fleet.id(),
        (id, running) -> {
          Watch watch = running == null ? new Watch(id) : running;
          watch.task.set(new Task(fleet, pods));
          watch.requests.release();
          if (running == null) {
            Thread.ofVirtual().name("consumer-names-" + id).start(watch::run);
          }
          return watch;
        });
  }

  /**
   * Reconciles the consumers of a deleted resource one last time, and waits for the result, at most
   * for the timeout of Redis.
   *
   * @param pods supplies the present names of its pods
   */
  public void reconcileOnce(Fleet fleet, Supplier<PodsByName> pods) throws InterruptedException {
    rest(fleet.id());
    report(fleet, round(new Task(fleet, pods)).handedOver());
  }

  /** Called when the resource is gone. */
  public void forget(FleetId id) {
    rest(id);
    knownPods.remove(id);
  }

  /** Stops the rounds for a resource. */
  public void rest(FleetId id) {
    Watch watch = watches.remove(id);
    if (watch != null) {
      watch.task.set(null);
      watch.requests.release();
      metrics.departing(id.namespace(), id.name(), 0);
    }
  }

  @Override
  public void close() {
    closed = true;
    watches.keySet().forEach(this::rest);
  }

  /** The rounds for one resource. */
  private final class Watch {

    private final FleetId id;
    private final AtomicReference<@Nullable Task> task = new AtomicReference<>();
    private final Semaphore requests = new Semaphore(0);

    /**
     * Handed-over entries that were not reported yet. They are reported together: the loss of a
     * node takes many pods with it.
     */
    private final List<ReleasedEntries> unreported = new ArrayList<>();

    Watch(FleetId id) {
      this.id = id;
    }

    void run() {
      Duration pause = FIRST_PAUSE;
      Fleet fleet = null;
      try {
        while (true) {
          boolean requested = requests.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
          requests.drainPermits();
          Task now = task.get();
          if (now == null) {
            reportAll(fleet);
            return;
          }
          fleet = now.fleet();
          pause = requested ? FIRST_PAUSE : longer(pause);
          DepartureRound.Left left = round(now);
          if (left.handedOver().isEmpty()) {
            reportAll(fleet);
          } else {
            unreported.addAll(left.handedOver());
          }
          if (!count(left) || (left.names() == 0 && retire())) {
            reportAll(fleet);
            return;
          }
          if (left.someAlive()) {
            pause = shorter(pause, PAUSE_WHILE_ALIVE);
          }
          if (left.undecided() > 0) {
            pause = shorter(pause, pauseWhileUndecided(fleet));
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        // However it ended, the next reconcile must start a new one.
        watches.remove(id, this);
      }
    }

    private void reportAll(@Nullable Fleet fleet) {
      if (fleet != null) {
        report(fleet, unreported);
      }
      unreported.clear();
    }

    /**
     * Updates the gauge. Returns false if this watch was replaced or stopped, so that the gauge of
     * a deleted resource stays removed.
     */
    private boolean count(DepartureRound.Left left) {
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

    /** Ends the watch, unless another round was requested meanwhile. Returns whether it ended. */
    private boolean retire() {
      return watches.computeIfPresent(
              id, (key, watch) -> watch == this && requests.availablePermits() == 0 ? null : watch)
          != this;
    }

    /** Several observations within the time after which a silent consumer counts as gone. */
    private static Duration pauseWhileUndecided(Fleet fleet) {
      Duration part =
          fleet.spec().autoclaim().minIdle().dividedBy(KnownPods.SILENT_OBSERVATIONS + 1);
      return part.compareTo(FIRST_PAUSE) > 0 ? part : FIRST_PAUSE;
    }

    private static Duration shorter(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration pause) {
      Duration twice = pause.multipliedBy(2);
      return twice.compareTo(MAX_PAUSE) < 0 ? twice : MAX_PAUSE;
    }
  }

  private void report(Fleet fleet, List<ReleasedEntries> handedOver) {
    if (handedOver.isEmpty()) {
      return;
    }
    try {
      audience.handedOver(fleet, List.copyOf(handedOver));
    } catch (RuntimeException | Error e) {
      // A failing listener must not stop the clean-up.
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .setCause(e)
          .log("could not report the entries that were handed over");
    }
  }

  private DepartureRound.Left round(Task task) throws InterruptedException {
    FleetId id = task.fleet().id();
    KnownPods known = knownPods.computeIfAbsent(id, each -> new KnownPods(nanoTime));
    try {
      // Without a connection nothing can be done. When Redis is back, the resource is reconciled.
      Link link = links.apply(id).orElse(null);
      if (link == null) {
        known.see(task.pods().get());
        known.interrupted();
        return DepartureRound.Left.NONE;
      }
      return rounds.see(task.fleet(), task.pods(), known, link);
    } catch (ExecutionException | TimeoutException e) {
      known.interrupted();
      LOG.atWarn()
          .addKeyValue("resource", id)
          .addKeyValue("failure", Failures.line(e))
          .log("could not clean up after pods that are gone");
    } catch (RuntimeException | Error e) {
      // Catches Error as well: otherwise the thread would end and nobody would clean up any more.
      known.interrupted();
      LOG.atWarn()
          .addKeyValue("resource", id)
          .setCause(e)
          .log("could not clean up after pods that are gone: unexpected failure");
    }
    return new DepartureRound.Left(1, false, 0, List.of());
  }
}
