package io.streamfleet.operator.redis;

import io.streamfleet.operator.redis.RedisTarget.MissingSecret;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.UnusableSecret;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedPartitions;
import io.streamfleet.redis.group.PartitionedGroup;
import io.streamfleet.redis.group.PendingWatch;
import io.streamfleet.redis.group.WorkersTold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes one Redis server for all resources that use it: its connection and the repeated
 * observations. It has its own virtual thread. Every failure becomes a {@link RedisObservation}
 * instead of an exception, so that the thread never ends by one.
 */
final class RedisInstance implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RedisInstance.class);

  /** A tenth of the interval keeps the servers from being observed all at once. */
  private static final double JITTER = 0.1;

  private final RedisTarget target;
  private final InstanceEnvironment environment;
  private final ConcurrentMap<FleetId, Watched> watched = new ConcurrentHashMap<>();
  private final Semaphore wake = new Semaphore(0);
  private final Thread observer;
  private volatile boolean closed;

  // Owned by the observer's thread.
  private final InstanceConnection connection;
  private final InstanceGroups groups;
  private final PendingWatch pending = new PendingWatch();
  private final PartitionsLook partitions = new PartitionsLook(System::nanoTime);

  RedisInstance(RedisTarget target, InstanceEnvironment environment) {
    this.target = target;
    this.environment = environment;
    connection = new InstanceConnection(target, environment, wake::release);
    groups = new InstanceGroups(environment.timeout(), environment::created);
    observer = Thread.ofVirtual().name("redis-observer-" + target.label()).unstarted(this::run);
  }

  void start() {
    observer.start();
  }

  /**
   * Observes what a resource declares from now on, and at once if it is new or changed.
   *
   * @param stays whether its groups are to exist
   * @return completes when its groups exist, or with false once Redis was found unreachable
   */
  CompletableFuture<Boolean> watch(Fleet fleet, boolean stays) {
    Watched all =
        watched.compute(
            fleet.id(),
            (id, before) ->
                before != null && before.isOf(fleet, stays) ? before : new Watched(fleet, stays));
    if (!all.groups().isDone()) {
      wake.release();
    }
    return all.groups();
  }

  /** Stops observing for a resource; returns whether no other resource uses this server. */
  boolean unwatch(FleetId id) {
    watched.remove(id);
    return watched.isEmpty();
  }

  boolean isOf(RedisTarget other) {
    return target.equals(other);
  }

  /** Observes again now, since the cause of a failure may be gone. */
  void retry() {
    wake.release();
  }

  /** The connection, if there is one. */
  Optional<Link> link() {
    return connection.link();
  }

  /** Starts no further observation; one that is running is completed. */
  @Override
  public void close() {
    closed = true;
    wake.release();
  }

  /** Ends all observations, including one that is running. */
  void abort() {
    close();
    observer.interrupt();
  }

  /**
   * Waits until the observations have ended and the connection is closed.
   *
   * @param limit the longest wait for each of the two
   */
  void awaitEnd(Duration limit) throws InterruptedException {
    observer.join(limit);
    connection.awaitGone(limit);
  }

  private void run() {
    try {
      while (!closed) {
        try {
          round();
        } catch (RuntimeException | Error e) {
          // Catches Error as well: otherwise this server would silently never be observed again.
          LOG.atWarn()
              .addKeyValue("redis", target.label())
              .setCause(e)
              .log("observing Redis failed unexpectedly");
        }
        double spread = 1 - JITTER + 2 * JITTER * environment.random().nextDouble();
        boolean woken =
            wake.tryAcquire(
                (long) (environment.interval().toMillis() * spread), TimeUnit.MILLISECONDS);
        if (woken) {
          wake.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connection.close();
      watched.values().forEach(it -> it.groups().complete(false));
    }
  }

  private void round() throws InterruptedException {
    List<Watched> all = List.copyOf(watched.values());
    if (all.isEmpty()) {
      return;
    }
    try {
      observeWithReconnect(all);
      environment.observed(true);
    } catch (MissingSecret e) {
      away(
          all,
          new RedisObservation.Away(RedisObservation.Reason.SecretMissing, "" + e.getMessage()));
    } catch (UnusableSecret | ExecutionException e) {
      away(all, RedisProblem.of(target, e));
    } catch (TimeoutException e) {
      away(
          all,
          new RedisObservation.Away(
              RedisObservation.Reason.NoAnswer,
              "%s did not answer within %d ms"
                  .formatted(target.label(), environment.timeout().toMillis())));
    } catch (RuntimeException | Error e) {
      LOG.atWarn()
          .addKeyValue("redis", target.label())
          .setCause(e)
          .log("observing Redis failed unexpectedly");
      away(all, RedisProblem.of(target, e));
    }
  }

  /** If the connection turns out to be broken, the observation is repeated over a new one. */
  private void observeWithReconnect(List<Watched> all)
      throws ExecutionException, InterruptedException, TimeoutException {
    boolean had = connection.isMade();
    try {
      observe(all);
    } catch (ExecutionException | TimeoutException e) {
      if (!had || !connection.isBrokenBy(e)) {
        throw e;
      }
      observe(all);
    }
  }

  private void observe(List<Watched> all)
      throws ExecutionException, InterruptedException, TimeoutException {
    Link connected = connection.open();
    createGroups(connected, all);
    Set<ConsumerGroup> asked = new LinkedHashSet<>();
    Set<String> deadLetters = new LinkedHashSet<>();
    for (Watched resource : all) {
      resource.fleet().groups().forEach(declared -> asked.add(declared.group()));
      deadLetters.add(resource.fleet().spec().deadLetter().stream());
    }
    CompletableFuture<List<ObservedPartitions>> owners = PartitionsLook.at(connected, all);
    Inspection inspection =
        connection.within(
            new GroupInspection(connected, pending)
                .look(asked, GroupInspection.Consumers.ALL, deadLetters));
    Map<ConsumerGroup, ObservedGroup> found = new HashMap<>();
    for (ObservedGroup group : inspection.groups()) {
      found.put(group.group(), group);
    }
    Map<PartitionedGroup, PartitionsSeen> partitioned = partitions.seen(connection.within(owners));
    groups.observed(found.values());
    pending.keepOnly(asked);
    Map<FleetId, WorkersTold> workers =
        connection
            .within(WorkersLook.at(connected, all, environment.timeout().dividedBy(2)))
            .orElse(Map.of());
    for (Watched resource : all) {
      String letters = resource.fleet().spec().deadLetter().stream();
      List<ObservedGroup> own = new ArrayList<>();
      for (DeclaredGroup declared : resource.fleet().groups()) {
        ObservedGroup observed = found.get(declared.group());
        if (observed != null) {
          own.add(groups.withRefusal(observed));
        }
      }
      report(
          resource.fleet(),
          new RedisObservation.Seen(
              own,
              inspection.lengthOf(letters),
              inspection.lengthRefused(letters).map(error -> letters + ": " + error),
              inspection.writesRefused(),
              Optional.ofNullable(workers.get(resource.fleet().id())),
              resource.fleet().partitioned().stream()
                  .map(partitioned::get)
                  .filter(Objects::nonNull)
                  .toList()));
    }
  }

  private void createGroups(Link connected, List<Watched> all)
      throws ExecutionException, InterruptedException, TimeoutException {
    for (Watched resource : all) {
      if (resource.wantsGroups()) {
        groups.see(connected, resource.fleet(), !resource.created().get());
      }
      resource.created().set(true);
      resource.groups().complete(true);
    }
  }

  /**
   * A failing listener affects neither the other resources nor Redis; it is called again with the
   * next observation.
   */
  private void report(Fleet fleet, RedisObservation observation) {
    try {
      environment.seen(fleet, observation);
    } catch (RuntimeException | Error e) {
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .setCause(e)
          .log("could not report an observation of Redis");
    }
  }

  /** The next round connects anew, with the Secrets and addresses of then. */
  private void away(List<Watched> all, RedisObservation.Away observation) {
    environment.observed(false);
    connection.close();
    groups.forget();
    partitions.forget();
    for (Watched resource : all) {
      // Those that wait for the groups then report this observation.
      report(resource.fleet(), observation);
      resource.groups().complete(false);
    }
  }
}
