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
 * Has a resource looked at that was made anew while the one of its name before it was reconciled or
 * taken leave of. With the leave the framework forgets all that it had heard under that name, the
 * new one's beginning included, and from then on takes nothing for news but a change of the new one
 * itself ({@code EventProcessor.cleanupForDeletedEvent} and {@code
 * ResourceStateManager.getOrCreateOnResourceEvent} of the Java Operator SDK 5.2).
 */
public final class Successors extends AbstractEventSource<Void, StreamConsumerGroup> {

  /** The leave ends some microseconds after the reconciler has; what is told before is lost. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(100);

  /** A resource waits for its turn at the most that long after it was told of. */
  private static final Duration LAST_LOOK = Duration.ofSeconds(5);

  private final IndexerResourceCache<StreamConsumerGroup> primaries;
  private final Set<ResourceID> expected = ConcurrentHashMap.newKeySet();

  Successors(IndexerResourceCache<StreamConsumerGroup> primaries) {
    super(Void.class, "successors");
    this.primaries = primaries;
  }

  /** A resource is taken leave of: from now on another one of its name is looked for. */
  public void expect(StreamConsumerGroup gone) {
    ResourceID id = ResourceID.fromResource(gone);
    if (expected.add(id)) {
      lookIn(FIRST_LOOK, id);
    }
  }

  /** A resource is reconciled, so the framework knows of it. */
  public void seen(StreamConsumerGroup resource) {
    expected.remove(ResourceID.fromResource(resource));
  }

  private void lookIn(Duration wait, ResourceID id) {
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
              lookIn(twice.compareTo(LAST_LOOK) < 0 ? twice : LAST_LOOK, id);
            },
            // Who comes after that is heard of as anybody is.
            () -> expected.remove(id));
  }

  @Override
  public Set<Void> getSecondaryResources(StreamConsumerGroup primary) {
    return Set.of();
  }
}
