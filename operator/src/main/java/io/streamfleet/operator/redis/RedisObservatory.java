package io.streamfleet.operator.redis;

import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.metrics.RedisNumbers;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.NamespaceHosts;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisThreads;
import io.streamfleet.redis.group.ConsumerGroup;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Observes the Redis servers of all resources, each server once however many resources use it, and
 * keeps the last observations. Never throws and never blocks. Thread-safe.
 */
public final class RedisObservatory implements AutoCloseable {

  /** How long running observations may take to end at close. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final SecretStore secrets;
  private final Duration interval;
  private final Duration timeout;
  private final OperatorMetrics metrics;
  private final Audience audience;
  private final RandomGenerator random;
  private final RedisThreads threads = RedisThreads.start();
  private final ConcurrentMap<FleetId, RedisObservation> observations = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final Map<RedisTarget, RedisInstance> instances = new HashMap<>();
  private final Map<FleetId, RedisInstance> instanceOf = new HashMap<>();

  /** Receives the observations, on the thread that made them; must not block. */
  public interface Audience {
    /** Called after each observation, whether or not something changed. */
    void seen(Fleet fleet, RedisObservation before, RedisObservation now);

    /** A group was created. */
    void created(Fleet fleet, ConsumerGroup group);

    /** A resource is no longer observed. */
    default void forgotten(FleetId id) {}
  }

  /**
   * @param interval between two observations of a server
   * @param timeout how long a server may take to answer
   */
  public RedisObservatory(
      SecretStore secrets,
      Duration interval,
      Duration timeout,
      OperatorMetrics metrics,
      Audience audience,
      RandomGenerator random) {
    this.secrets = secrets;
    this.interval = interval;
    this.timeout = timeout;
    this.metrics = metrics;
    this.audience = audience;
    this.random = random;
  }

  /**
   * Observes what a resource declares from now on, and creates its groups unless it is paused.
   *
   * @return completes when its groups exist, or with false once Redis was found unreachable
   */
  public CompletableFuture<Boolean> watch(Fleet fleet) {
    return watch(fleet, true);
  }

  /** The same for a resource that is being deleted: its groups are not created or created again. */
  public CompletableFuture<Boolean> watchLeaving(Fleet fleet) {
    return watch(fleet, false);
  }

  private CompletableFuture<Boolean> watch(Fleet fleet, boolean stays) {
    RedisTarget target = RedisTarget.of(fleet.namespace(), fleet.spec().redis());
    lock.lock();
    try {
      RedisInstance before = instanceOf.get(fleet.id());
      if (before != null && !before.isOf(target)) {
        leave(fleet.id(), before);
      }
      RedisInstance instance = instances.get(target);
      if (instance == null) {
        instance = new RedisInstance(target, environment);
        instance.start();
        instances.put(target, instance);
        metrics.targets(instances.size());
      }
      instanceOf.put(fleet.id(), instance);
      return instance.watch(fleet, stays);
    } finally {
      lock.unlock();
    }
  }

  /** Stops observing for a resource. */
  public void forget(FleetId id) {
    lock.lock();
    try {
      RedisInstance instance = instanceOf.remove(id);
      if (instance != null) {
        leave(id, instance);
      }
    } finally {
      lock.unlock();
    }
    audience.forgotten(id);
  }

  private void leave(FleetId id, RedisInstance instance) {
    observations.remove(id);
    metrics.redisUnseen(id.namespace(), id.name());
    if (instance.unwatch(id)) {
      instance.close();
      instances.values().remove(instance);
      metrics.targets(instances.size());
    }
  }

  /** The last observation for a resource. */
  public RedisObservation observation(FleetId id) {
    return observations.getOrDefault(id, new RedisObservation.Untried());
  }

  /** The connection to a resource's Redis, if there is one. */
  public Optional<Link> link(FleetId id) {
    lock.lock();
    try {
      return Optional.ofNullable(instanceOf.get(id)).flatMap(RedisInstance::link);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether two resources are known to use the same Redis server. False does not prove that they
   * don't.
   */
  public boolean share(FleetId one, FleetId other) {
    lock.lock();
    try {
      RedisInstance instance = instanceOf.get(one);
      return instance != null && instance.equals(instanceOf.get(other));
    } finally {
      lock.unlock();
    }
  }

  /** Observes again now if the last attempt failed, since the cause may be gone. */
  public void retry(FleetId id) {
    lock.lock();
    try {
      RedisInstance instance = instanceOf.get(id);
      if (instance != null && observation(id) instanceof RedisObservation.Away) {
        instance.retry();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the observations and closes the connections, within a few seconds. */
  @Override
  public void close() {
    List<RedisInstance> ending;
    lock.lock();
    try {
      ending = List.copyOf(instances.values());
      instances.clear();
      instanceOf.clear();
    } finally {
      lock.unlock();
    }
    ending.forEach(RedisInstance::abort);
    long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    try {
      // The connections close on threads that are stopped next.
      for (RedisInstance instance : ending) {
        instance.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.close();
  }

  private final InstanceEnvironment environment =
      new InstanceEnvironment() {
        @Override
        public RedisConnector connector(RedisTarget target, Credentials credentials) {
          NamespaceHosts hosts =
              new NamespaceHosts(target.namespace().orElse(""), InetAddress::getAllByName);
          return RedisConnector.sharing(
              threads, target.settings(credentials, timeout), Duration.ZERO, hosts::addresses);
        }

        @Override
        public SecretStore secrets() {
          return secrets;
        }

        @Override
        public Duration interval() {
          return interval;
        }

        @Override
        public Duration timeout() {
          return timeout;
        }

        @Override
        public RandomGenerator random() {
          return random;
        }

        @Override
        public void seen(Fleet fleet, RedisObservation observation) {
          keep(fleet, observation).ifPresent(before -> audience.seen(fleet, before, observation));
        }

        @Override
        public void created(Fleet fleet, ConsumerGroup group) {
          audience.created(fleet, group);
        }

        @Override
        public void observed(boolean success) {
          metrics.observed(success);
        }
      };

  /**
   * Keeps an observation and exposes it in the metrics, unless the resource was forgotten while the
   * observation was running: then it must leave no series behind.
   *
   * @return the previous observation
   */
  private Optional<RedisObservation> keep(Fleet fleet, RedisObservation observation) {
    lock.lock();
    try {
      if (!instanceOf.containsKey(fleet.id())) {
        return Optional.empty();
      }
      metrics.redisSeen(fleet.namespace(), fleet.name(), shown(fleet, observation));
      RedisObservation before = observations.put(fleet.id(), observation);
      return Optional.of(before == null ? new RedisObservation.Untried() : before);
    } finally {
      lock.unlock();
    }
  }

  private static Set<ConsumerGroup> paused(Fleet fleet) {
    return fleet.groups().stream()
        .filter(DeclaredGroup::paused)
        .map(DeclaredGroup::group)
        .collect(Collectors.toSet());
  }

  private static RedisNumbers shown(Fleet fleet, RedisObservation observation) {
    return observation instanceof RedisObservation.Seen seen
        ? new RedisNumbers(
            true,
            seen.writesRefused().isEmpty(),
            seen.groups(),
            seen.partitions().stream().map(PartitionsSeen::observed).toList(),
            paused(fleet),
            seen.deadLetters(),
            fleet.spec().deadLetter().maxLength())
        : RedisNumbers.AWAY;
  }
}
