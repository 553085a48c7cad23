package io.streamfleet.operator.cluster;

import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.streamfleet.api.StreamConsumerGroup;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the operator observes in the cluster beside the objects that it creates.
 *
 * @param pods of the workers
 * @param references the Secrets and ConfigMaps that resources refer to
 * @param declarations which resources declare which groups
 * @param successors reconciles resources that were deleted and created again
 * @param primaries all resources that the operator sees
 */
public record ClusterView(
    WorkerPods pods,
    ReferencedObjects references,
    GroupDeclarations declarations,
    Successors successors,
    IndexerResourceCache<StreamConsumerGroup> primaries) {

  /** Page size of lists: a page is in memory as a whole, and a Secret may have a megabyte. */
  static final long PAGE = 50;

  /** Sets up the caches; they are filled when the event sources start. */
  public static ClusterView of(EventSourceContext<StreamConsumerGroup> context, Clock clock) {
    IndexerResourceCache<StreamConsumerGroup> primaries = context.getPrimaryCache();
    return new ClusterView(
        new WorkerPods(context, clock),
        new ReferencedObjects(context),
        new GroupDeclarations(primaries),
        new Successors(primaries),
        primaries);
  }

  /** The event sources that the framework has to start for it. */
  public List<EventSource<?, StreamConsumerGroup>> eventSources() {
    List<EventSource<?, StreamConsumerGroup>> sources = new ArrayList<>();
    sources.add(pods.eventSource());
    sources.addAll(references.eventSources());
    sources.add(successors);
    return sources;
  }

  /** Whether the resource is gone. A new one of the same name does not count. */
  public boolean isGone(StreamConsumerGroup resource) {
    return primaries
        .get(ResourceID.fromResource(resource))
        .map(
            known -> !Objects.equals(known.getMetadata().getUid(), resource.getMetadata().getUid()))
        .orElse(true);
  }
}
