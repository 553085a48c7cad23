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
  private final Audience audience;
  private final LongSupplier nanoTime;
  private final ConcurrentMap<FleetId, Watch> watches = new ConcurrentHashMap<>();
  private final ConcurrentMap<FleetId, KnownPods> knownPods = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Who hears of what was done, on the thread that did it. */
  @FunctionalInterface
  public interface Audience {
    void handedOver(Fleet fleet, List<ReleasedEntries> handedOver);
  }

  /** What a round is about. */
  private record Task(Fleet fleet, Supplier<PodsByName> pods) {}

  /**
   * @param links the connection to a resource's Redis, while there is one
   * @param timeout how long Redis may take to answer
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
   * Sees to the names of a resource's groups: now, and again until no name is left that should not
   * be. Returns at once.
   *
   * @param pods the names of its pods, as of when it is asked
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
   * @param pods the names of its pods, as of when it is asked
   */
  public void reconcileOnce(Fleet fleet, Supplier<PodsByName> pods) throws InterruptedException {
    rest(fleet.id());
    tell(fleet, round(new Task(fleet, pods)).handedOver());
  }

  /** The resource is gone. */
  public void forget(FleetId id) {
    rest(id);
    knownPods.remove(id);
  }

  /** The resource is to be left alone for now. */
  public void rest(FleetId id) {
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
    watches.keySet().forEach(this::rest);
  }

  /** The rounds for one resource. */
  private final class Watch {

    private final FleetId id;
    private final AtomicReference<@Nullable Task> task = new AtomicReference<>();
    private final Semaphore asked = new Semaphore(0);

    /** What was handed over and is not told yet: a node that is lost takes many pods with it. */
    private final List<ReleasedEntries> untold = new ArrayList<>();

    Watch(FleetId id) {
      this.id = id;
    }

    void run() {
      Duration pause = FIRST_PAUSE;
      Fleet fleet = null;
      try {
        while (true) {
          boolean fresh = asked.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
          asked.drainPermits();
          Task now = task.get();
          if (now == null) {
            tellAll(fleet);
            return;
          }
          fleet = now.fleet();
          pause = fresh ? FIRST_PAUSE : longer(pause);
          DepartureRound.Left left = round(now);
          if (left.handedOver().isEmpty()) {
            tellAll(fleet);
          } else {
            untold.addAll(left.handedOver());
          }
          if (!count(left) || (left.names() == 0 && retire())) {
            tellAll(fleet);
            return;
          }
          if (left.someAlive()) {
            pause = shorter(pause, PAUSE_OF_THE_LIVING);
          }
          if (left.undecided() > 0) {
            pause = shorter(pause, pauseOfTheUndecided(fleet));
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        // Whatever ended it: the next reconcile must not take it for one that works.
        watches.remove(id, this);
      }
    }

    private void tellAll(@Nullable Fleet fleet) {
      if (fleet != null) {
        tell(fleet, untold);
      }
      untold.clear();
    }

    /** Returns whether this is still wanted: the gauge of a resource that is gone stays gone. */
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

    /** Ends, unless there was a call for another round meanwhile. */
    private boolean retire() {
      return watches.computeIfPresent(
              id, (key, watch) -> watch == this && asked.availablePermits() == 0 ? null : watch)
          != this;
    }

    /** Several looks in the time after which a silent name counts as gone. */
    private static Duration pauseOfTheUndecided(Fleet fleet) {
      Duration part = fleet.spec().autoclaim().minIdle().dividedBy(KnownPods.SILENT_LOOKS + 1);
      return part.compareTo(FIRST_PAUSE) > 0 ? part : FIRST_PAUSE;
    }

    private static Duration shorter(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration pause) {
      Duration twice = pause.multipliedBy(2);
      return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  private void tell(Fleet fleet, List<ReleasedEntries> handedOver) {
    if (handedOver.isEmpty()) {
      return;
    }
    try {
      audience.handedOver(fleet, List.copyOf(handedOver));
    } catch (RuntimeException | Error e) {
      // Whoever hears of it: what was done is done, and the names go on to be seen to.
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .setCause(e)
          .log("what was handed over could not be told");
    }
  }

  private DepartureRound.Left round(Task task) throws InterruptedException {
    FleetId id = task.fleet().id();
    KnownPods known = knownPods.computeIfAbsent(id, each -> new KnownPods(nanoTime));
    try {
      // While Redis is away there is nothing to do; when it is back, the resource is reconciled.
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
          .log("consumer names could not be seen to");
    } catch (RuntimeException | Error e) {
      // An Error, too: the thread would end, and nobody would see to these names any more.
      known.interrupted();
      LOG.atWarn()
          .addKeyValue("resource", id)
          .setCause(e)
          .log("consumer names could not be seen to, in an unforeseen way");
    }
    return new DepartureRound.Left(1, false, 0, List.of());
  }
}
