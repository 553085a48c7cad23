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
import io.streamfleet.redis.group.PendingWatch;
import io.streamfleet.redis.group.SettingsSpread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
 * One Redis, for all resources that use it: its connection, and the looks at it. A virtual thread
 * of its own does both, and whatever goes wrong becomes a {@link RedisObservation} instead of an
 * exception: an observer that dies of a fault observes the next one no more.
 */
final class RedisInstance implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RedisInstance.class);

  /** A tenth around the interval keeps the sites from all asking at once. */
  private static final double JITTER = 0.1;

  private final RedisTarget target;
  private final InstanceEnvironment around;
  private final ConcurrentMap<FleetId, Watched> watched = new ConcurrentHashMap<>();
  private final Semaphore wake = new Semaphore(0);
  private final Thread observer;
  private volatile boolean closed;

  // Owned by the observer's thread.
  private final InstanceConnection connection;
  private final InstanceGroups groups;
  private final PendingWatch pending = new PendingWatch();

  RedisInstance(RedisTarget target, InstanceEnvironment around) {
    this.target = target;
    this.around = around;
    connection = new InstanceConnection(target, around, wake::release);
    groups = new InstanceGroups(around.timeout(), around::created);
    observer = Thread.ofVirtual().name("redis-site-" + target.label()).unstarted(this::run);
  }

  void start() {
    observer.start();
  }

  /**
   * Looks at what a resource declares from now on, and at once if that is news.
   *
   * @param stays whether its groups are to be there
   * @return completes when its groups are there, or with false once Redis was found to be away
   */
  CompletableFuture<Boolean> watch(Fleet fleet, boolean stays) {
    Watched now =
        watched.compute(
            fleet.id(),
            (id, before) ->
                before != null && before.isOf(fleet, stays) ? before : new Watched(fleet, stays));
    if (!now.groups().isDone()) {
      wake.release();
    }
    return now.groups();
  }

  /** Stops looking; returns whether nobody else needs this site. */
  boolean unwatch(FleetId id) {
    watched.remove(id);
    return watched.isEmpty();
  }

  boolean isOf(RedisTarget other) {
    return target.equals(other);
  }

  /** Looks again now: what was in the way may be out of it. */
  void retry() {
    wake.release();
  }

  /** The connection, while there is one. */
  Optional<Link> link() {
    return connection.link();
  }

  /** No look is begun any more. One that is on its way is taken to its end. */
  @Override
  public void close() {
    closed = true;
    wake.release();
  }

  /** Ends the looks, also one that is on its way. */
  void abort() {
    close();
    observer.interrupt();
  }

  /**
   * Waits until the looks have ended and the connection is gone.
   *
   * @param limit to wait for each of them no longer
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
          // An Error, too: nobody would look at this Redis any more, and nobody would know.
          LOG.atWarn()
              .addKeyValue("redis", target.label())
              .setCause(e)
              .log("a look at Redis came to nothing, in an unforeseen way");
        }
        double spread = 1 - JITTER + 2 * JITTER * around.random().nextDouble();
        boolean woken =
            wake.tryAcquire((long) (around.interval().toMillis() * spread), TimeUnit.MILLISECONDS);
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
    List<Watched> now = List.copyOf(watched.values());
    if (now.isEmpty()) {
      return;
    }
    try {
      lookAnewIfBroken(now);
      around.observed(true);
    } catch (MissingSecret e) {
      away(
          now,
          new RedisObservation.Away(RedisObservation.Reason.SecretMissing, "" + e.getMessage()));
    } catch (UnusableSecret | ExecutionException e) {
      away(now, RedisProblem.of(target, e));
    } catch (TimeoutException e) {
      away(
          now,
          new RedisObservation.Away(
              RedisObservation.Reason.NoAnswer,
              "%s did not answer within %d ms"
                  .formatted(target.label(), around.timeout().toMillis())));
    } catch (RuntimeException | Error e) {
      LOG.atWarn()
          .addKeyValue("redis", target.label())
          .setCause(e)
          .log("a look at Redis failed in an unforeseen way");
      away(now, RedisProblem.of(target, e));
    }
  }

  /** A look over a connection that is found broken is taken over another. */
  private void lookAnewIfBroken(List<Watched> now)
      throws ExecutionException, InterruptedException, TimeoutException {
    boolean had = connection.isMade();
    try {
      look(now);
    } catch (ExecutionException | TimeoutException e) {
      if (!had || !connection.isBrokenBy(e)) {
        throw e;
      }
      look(now);
    }
  }

  private void look(List<Watched> now)
      throws ExecutionException, InterruptedException, TimeoutException {
    Link connected = connection.open();
    createGroups(connected, now);
    Set<ConsumerGroup> asked = new LinkedHashSet<>();
    Set<String> deadLetters = new LinkedHashSet<>();
    for (Watched one : now) {
      one.fleet().groups().forEach(declared -> asked.add(declared.group()));
      deadLetters.add(one.fleet().spec().deadLetter().stream());
    }
    Inspection inspection =
        connection.within(
            new GroupInspection(connected, pending)
                .look(asked, GroupInspection.Consumers.ALL, deadLetters));
    Map<ConsumerGroup, ObservedGroup> found = new HashMap<>();
    for (ObservedGroup group : inspection.groups()) {
      found.put(group.group(), group);
    }
    groups.observed(found.values());
    pending.keepOnly(asked);
    Map<FleetId, SettingsSpread> settings =
        connection
            .within(SettingsLook.at(connected, now, around.timeout().dividedBy(2)))
            .orElse(Map.of());
    for (Watched one : now) {
      List<ObservedGroup> own = new ArrayList<>();
      for (DeclaredGroup declared : one.fleet().groups()) {
        ObservedGroup observed = found.get(declared.group());
        if (observed != null) {
          own.add(groups.withRefusal(observed));
        }
      }
      tell(
          one.fleet(),
          new RedisObservation.Seen(
              own,
              inspection.lengthOf(one.fleet().spec().deadLetter().stream()),
              inspection.writesRefused(),
              Optional.ofNullable(settings.get(one.fleet().id()))));
    }
  }

  private void createGroups(Link connected, List<Watched> now)
      throws ExecutionException, InterruptedException, TimeoutException {
    for (Watched one : now) {
      if (one.wantsGroups()) {
        groups.see(connected, one.fleet(), !one.created().get());
      }
      one.created().set(true);
      one.groups().complete(true);
    }
  }

  /** Who can't hear it is no matter of the others, nor of Redis; he hears the same next time. */
  private void tell(Fleet fleet, RedisObservation observation) {
    try {
      around.seen(fleet, observation);
    } catch (RuntimeException | Error e) {
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .setCause(e)
          .log("what was seen of Redis could not be told");
    }
  }

  /** The next round starts anew: with the Secrets and the addresses of then. */
  private void away(List<Watched> now, RedisObservation.Away observation) {
    around.observed(false);
    connection.close();
    groups.forget();
    for (Watched one : now) {
      // Who waits for the groups reports what he finds then.
      tell(one.fleet(), observation);
      one.groups().complete(false);
    }
  }
}
