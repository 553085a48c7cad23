package io.streamfleet.operator.cluster;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.resource.FleetId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets resources that are gone and of whose deletion no reconcile tells: the framework reports
 * none that arrives while a reconcile fails, and a reconcile that still runs restores what was
 * forgotten already. Metrics, and alerts with them, would stay until the operator ends.
 */
public final class GoneResources extends AbstractEventSource<Void, StreamConsumerGroup> {

  private static final Logger LOG = LoggerFactory.getLogger(GoneResources.class);

  /** How long a series may outlive its resource: shorter than any alert waits. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Executor AFTER_INTERVAL =
      CompletableFuture.delayedExecutor(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);

  private final IndexerResourceCache<StreamConsumerGroup> primaries;
  private final Consumer<FleetId> forget;
  private final ConcurrentMap<ResourceID, FleetId> remembered = new ConcurrentHashMap<>();

  /**
   * @param primaries all resources that the operator sees
   * @param forget ends what is remembered about a resource; repeating it does no harm
   */
  public GoneResources(
      IndexerResourceCache<StreamConsumerGroup> primaries, Consumer<FleetId> forget) {
    super(Void.class, "gone-resources");
    this.primaries = primaries;
    this.forget = forget;
  }

  /** Called before anything is remembered about a resource, and after the last of it. */
  public void remembered(StreamConsumerGroup resource) {
    remembered.put(ResourceID.fromResource(resource), FleetId.of(resource));
  }

  @Override
  public void start() {
    super.start();
    AFTER_INTERVAL.execute(this::sweep);
  }

  private void sweep() {
    if (!isRunning()) {
      return;
    }
    try {
      remembered.keySet().forEach(this::forgetIfGone);
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("could not forget a resource that is gone; trying again");
    } finally {
      AFTER_INTERVAL.execute(this::sweep);
    }
  }

  /** A reconcile of a new resource of that name waits meanwhile, so that only the old one goes. */
  private void forgetIfGone(ResourceID name) {
    remembered.computeIfPresent(
        name,
        (same, id) -> {
          if (primaries.get(name).isPresent()) {
            return id;
          }
          forget.accept(id);
          return null;
        });
  }

  @Override
  public Set<Void> getSecondaryResources(StreamConsumerGroup primary) {
    return Set.of();
  }
}
