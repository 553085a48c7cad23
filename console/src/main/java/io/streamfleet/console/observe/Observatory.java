package io.streamfleet.console.observe;

import io.streamfleet.console.cluster.ClusterFailure;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.cluster.FleetResource;
import io.streamfleet.console.cluster.FleetResources;
import io.streamfleet.console.cluster.RedisLinks;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all fleets every two seconds while a page is open, and seldom while none is, so that
 * plots have a past. However many pages are open, it is the same look.
 */
public final class Observatory implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Observatory.class);

  /** As often as people can read numbers. */
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** While nobody looks; a plot then begins with a point each 15 seconds. */
  private static final Duration IDLE_PERIOD = Duration.ofSeconds(15);

  /** A page asks every two seconds, unless its tab is hidden. */
  private static final Duration OPEN = Duration.ofSeconds(10);

  /** Fleets that are looked at side by side: enough for one that does not answer. */
  private static final int AT_ONCE = 8;

  private final FleetResources resources;
  private final RedisLinks links;
  private final WorkerPort port;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final ExecutorService looks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("look-", 0).factory());
  private volatile Map<FleetKey, ObservedFleet> fleets = Map.of();
  private volatile Optional<String> problem = Optional.of("the fleets have not been read yet");
  private volatile long askedAt = System.nanoTime();
  private volatile long lookedAt = System.nanoTime() - IDLE_PERIOD.toNanos();

  private Observatory(FleetResources resources, RedisLinks links, WorkerPort port) {
    this.resources = resources;
    this.links = links;
    this.port = port;
  }

  /** Starts to look. */
  public static Observatory start(FleetResources resources, RedisLinks links, WorkerPort port) {
    Observatory observatory = new Observatory(resources, links, port);
    Thread.ofPlatform().daemon(true).name("observe").start(observatory::run);
    return observatory;
  }

  /** All fleets, by namespace and name. */
  public Collection<ObservedFleet> fleets() {
    askedAt = System.nanoTime();
    return fleets.values();
  }

  /** One fleet, if there is one. */
  public Optional<ObservedFleet> fleet(FleetKey key) {
    askedAt = System.nanoTime();
    return Optional.ofNullable(fleets.get(key));
  }

  /** Why the list of fleets may be old. */
  public Optional<String> problem() {
    return problem;
  }

  private void run() {
    try {
      while (!closed.await(isDue() ? 0 : 200, TimeUnit.MILLISECONDS)) {
        if (isDue()) {
          lookedAt = System.nanoTime();
          look();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDue() {
    long now = System.nanoTime();
    Duration period = now - askedAt < OPEN.toNanos() ? PERIOD : IDLE_PERIOD;
    return now - lookedAt >= period.toNanos();
  }

  private void look() {
    try {
      Map<FleetKey, FleetResource> before = new LinkedHashMap<>();
      fleets.forEach((key, fleet) -> before.put(key, fleet.resource()));
      Map<FleetKey, FleetResource> now = resources.list(before);
      fleets = merged(now);
      links.keepOnly(now.values());
      problem = Optional.empty();
    } catch (ClusterFailure e) {
      told(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("the fleets could not be read");
      told("the fleets could not be read: see the log of the console");
    }
    fleets.values().forEach(fleet -> looks.execute(() -> look(fleet)));
  }

  private void told(String what) {
    if (problem.filter(what::equals).isEmpty()) {
      log.atWarn().addKeyValue("problem", what).log("the list of fleets is not up to date");
    }
    problem = Optional.of(what);
  }

  private Map<FleetKey, ObservedFleet> merged(Map<FleetKey, FleetResource> now) {
    Map<FleetKey, ObservedFleet> merged = new LinkedHashMap<>();
    now.forEach(
        (key, resource) -> {
          ObservedFleet known = fleets.get(key);
          if (known != null && known.resource().uid().equals(resource.uid())) {
            known.update(resource);
            merged.put(key, known);
          } else {
            merged.put(key, new ObservedFleet(resource));
          }
        });
    return merged;
  }

  private void look(ObservedFleet fleet) {
    try {
      room.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      fleet.look(links, resources, port);
    } catch (RuntimeException e) {
      log.atWarn()
          .addKeyValue("fleet", fleet.resource().key())
          .setCause(e)
          .log("a fleet could not be looked at");
    } finally {
      room.release();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    looks.shutdownNow();
  }
}
