package io.streamfleet.console.observe;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisException;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.port.Metrics;
import io.streamfleet.commands.status.StatusLook;
import io.streamfleet.commands.status.StatusLook.FleetStatus;
import io.streamfleet.console.cluster.ClusterFailure;
import io.streamfleet.console.cluster.FleetResource;
import io.streamfleet.console.cluster.FleetResources;
import io.streamfleet.console.cluster.RedisLinks;
import io.streamfleet.console.observe.History.Curve;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.group.ObservedGroup;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A fleet that is looked at again and again, by one thread at a time; what was seen last may be
 * read by any.
 */
public final class ObservedFleet {

  /** Groups are known, workers and events only while somebody looks at this fleet. */
  private static final long WATCHED_NANOS = 60_000_000_000L;

  private final AtomicBoolean busy = new AtomicBoolean();
  private final History history = new History();
  private volatile FleetResource resource;
  private volatile @Nullable StatusLook look;
  private volatile Optional<FleetStatus> status = Optional.empty();
  private volatile Optional<String> problem = Optional.empty();
  private volatile Workers workers = Workers.NONE;
  private volatile long watchedAt = System.nanoTime() - 2 * WATCHED_NANOS;

  ObservedFleet(FleetResource resource) {
    this.resource = resource;
    this.look = lookOf(resource);
  }

  private static @Nullable StatusLook lookOf(FleetResource resource) {
    return resource.spec().map(StatusLook::new).orElse(null);
  }

  /** A newer version of the same resource. */
  void update(FleetResource newer) {
    if (!newer.spec().equals(resource.spec())) {
      look = lookOf(newer);
    }
    resource = newer;
  }

  public FleetResource resource() {
    return resource;
  }

  /** What Redis said last; empty before the first look and after a failure. */
  public Optional<FleetStatus> status() {
    return status;
  }

  /** Why Redis could not be looked at. */
  public Optional<String> problem() {
    return resource.problem().map(it -> "the resource is invalid: " + it).or(() -> problem);
  }

  public Workers workers() {
    return workers;
  }

  History history() {
    return history;
  }

  /** Somebody looks at this fleet. */
  public void watch() {
    watchedAt = System.nanoTime();
  }

  private boolean isWatched() {
    return System.nanoTime() - watchedAt < WATCHED_NANOS;
  }

  /** Looks, unless the last look has not ended. */
  void look(RedisLinks links, FleetResources resources, WorkerPort port) {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    try {
      if (isWatched()) {
        lookAtWorkers(resources, port);
      } else {
        workers = Workers.NONE;
      }
      StatusLook now = look;
      if (now != null) {
        lookAtRedis(now, links);
      }
    } finally {
      busy.set(false);
    }
  }

  private void lookAtRedis(StatusLook now, RedisLinks links) {
    StreamConsumerGroupSpec spec = resource.spec().orElseThrow();
    try {
      FleetStatus seen = now.look(links.of(resource.key(), spec.redis()));
      status = Optional.of(seen);
      problem = Optional.empty();
      history.add(seen.at().toEpochMilli(), curves(seen));
    } catch (RedisException e) {
      status = Optional.empty();
      problem = Optional.of(Failures.line(Failures.cause(e)));
    }
  }

  private Map<Curve, Double> curves(FleetStatus seen) {
    Map<Curve, Double> curves = new EnumMap<>(Curve.class);
    List<ObservedGroup> groups = seen.groups().stream().map(it -> it.seen()).toList();
    if (groups.stream().allMatch(it -> it.lag().isPresent())) {
      curves.put(Curve.LAG, groups.stream().mapToDouble(it -> it.lag().getAsLong()).sum());
    }
    curves.put(Curve.PENDING, groups.stream().mapToDouble(it -> it.pending().orElse(0)).sum());
    groups.stream()
        .flatMap(it -> it.oldestUnread().stream())
        .mapToDouble(it -> it.toMillis() / 1e3)
        .max()
        .ifPresent(late -> curves.put(Curve.LATE, late));
    workers.rate().ifPresent(it -> curves.put(Curve.RATE, it));
    workers.p50().ifPresent(it -> curves.put(Curve.P50, it));
    workers.p99().ifPresent(it -> curves.put(Curve.P99, it));
    return curves;
  }

  private void lookAtWorkers(FleetResources resources, WorkerPort port) {
    List<Workers.Worker> now = new ArrayList<>();
    try {
      for (JsonNode pod : resources.pods(resource.key())) {
        var address = port.address(resource, pod);
        now.add(
            new Workers.Worker(
                pod,
                address,
                address
                    .flatMap(it -> port.page(it, "/metrics"))
                    .map(text -> Metrics.read(text, Workers.WANTED))));
      }
      workers = Workers.after(workers, now, System.nanoTime());
    } catch (ClusterFailure e) {
      workers = Workers.NONE;
    }
  }
}
