package io.streamfleet.operator.cluster;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.streamfleet.api.StreamConsumerGroup;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Triggers a reconcile of a resource that was deleted and created again while its predecessor was
 * being reconciled or cleaned up. After the cleanup the framework forgets all events of that name,
 * including the creation of the new resource, and then reacts only to a change of it ({@code
 * EventProcessor.cleanupForDeletedEvent} and {@code
 * ResourceStateManager.getOrCreateOnResourceEvent} of the Java Operator SDK 5.2).
 */
public final class Successors extends AbstractEventSource<Void, StreamConsumerGroup> {

  /**
   * The framework's cleanup ends some microseconds after the reconciler returns; an event before
   * that is lost.
   */
  private static final Duration FIRST_DELAY = Duration.ofMillis(100);

  /** The longest time from the event to the reconcile. */
  private static final Duration MAX_DELAY = Duration.ofSeconds(5);

  private final IndexerResourceCache<StreamConsumerGroup> primaries;
  private final Set<ResourceID> expected = ConcurrentHashMap.newKeySet();

  Successors(IndexerResourceCache<StreamConsumerGroup> primaries) {
    super(Void.class, "successors");
    this.primaries = primaries;
  }

  /**
   * Called when a resource was cleaned up: from now on a new one of the same name is looked for.
   */
  public void expect(StreamConsumerGroup gone) {
    ResourceID id = ResourceID.fromResource(gone);
    if (expected.add(id)) {
      schedule(FIRST_DELAY, id);
    }
  }

  /** Called when a resource is reconciled: the framework knows it. */
  public void seen(StreamConsumerGroup resource) {
    expected.remove(ResourceID.fromResource(resource));
  }

  private void schedule(Duration wait, ResourceID id) {
    CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> look(wait, id));
  }

  private void look(Duration waited, ResourceID id) {
    if (!isRunning() || !expected.contains(id)) {
      return;
    }
    primaries
        .get(id)
        .ifPresentOrElse(
            successor -> {
              getEventHandler().handleEvent(new ResourceEvent(ResourceAction.ADDED, id, successor));
              Duration twice = waited.multipliedBy(2);
              schedule(twice.compareTo(MAX_DELAY) < 0 ? twice : MAX_DELAY, id);
            },
            // Later resources of that name arrive as ordinary events.
            () -> expected.remove(id));
  }

  @Override
  public Set<Void> getSecondaryResources(StreamConsumerGroup primary) {
    return Set.of();
  }
}
