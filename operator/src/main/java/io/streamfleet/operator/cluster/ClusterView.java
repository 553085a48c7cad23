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
 * What the operator sees of the cluster beside what it makes itself.
 *
 * @param pods of the workers
 * @param references the Secrets and ConfigMaps that resources name
 * @param declarations which resources declare which groups
 * @param successors sees to those that were deleted and made anew
 * @param primaries all resources that the operator sees
 */
public record ClusterView(
    WorkerPods pods,
    ReferencedObjects references,
    GroupDeclarations declarations,
    Successors successors,
    IndexerResourceCache<StreamConsumerGroup> primaries) {

  /**
   * Objects in one page of a list: it is in memory as a whole, and a Secret may have a megabyte.
   */
  static final long PAGE = 50;

  /** Prepares to look; it begins with the event sources. */
  public static ClusterView of(EventSourceContext<StreamConsumerGroup> context, Clock clock) {
    IndexerResourceCache<StreamConsumerGroup> primaries = context.getPrimaryCache();
    return new ClusterView(
        new WorkerPods(context, clock),
        new ReferencedObjects(context),
        new GroupDeclarations(primaries),
        new Successors(primaries),
        primaries);
  }

  /** What the framework has to start for it. */
  public List<EventSource<?, StreamConsumerGroup>> eventSources() {
    List<EventSource<?, StreamConsumerGroup>> sources = new ArrayList<>();
    sources.add(pods.eventSource());
    sources.addAll(references.eventSources());
    sources.add(successors);
    return sources;
  }

  /** Whether a resource is there no more, nor another one of its name that would be known by it. */
  public boolean isGone(StreamConsumerGroup resource) {
    return primaries
        .get(ResourceID.fromResource(resource))
        .map(
            known -> !Objects.equals(known.getMetadata().getUid(), resource.getMetadata().getUid()))
        .orElse(true);
  }
}
