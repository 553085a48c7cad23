package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.Reference;
import io.streamfleet.operator.resource.References;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells whether the Secrets and ConfigMaps exist that resources refer to. */
public final class ReferencedObjects {

  private static final String REFERENCES = "references";

  private final InformerEventSource<Secret, StreamConsumerGroup> secrets;
  private final InformerEventSource<ConfigMap, StreamConsumerGroup> configMaps;

  ReferencedObjects(EventSourceContext<StreamConsumerGroup> context) {
    IndexerResourceCache<StreamConsumerGroup> primaries = context.getPrimaryCache();
    primaries.addIndexer(
        REFERENCES, resource -> references(resource).map(ref -> key(resource, ref)).toList());
    secrets =
        referenced(
            Secret.class,
            Reference.Kind.SECRET,
            context,
            primaries,
            // Excludes Helm's releases, of up to a megabyte each.
            new FieldSelector(new FieldSelector.Field("type", "helm.sh/release.v1", true)));
    configMaps =
        referenced(
            ConfigMap.class, Reference.Kind.CONFIG_MAP, context, primaries, new FieldSelector());
  }

  private static <R extends HasMetadata> InformerEventSource<R, StreamConsumerGroup> referenced(
      Class<R> type,
      Reference.Kind kind,
      EventSourceContext<StreamConsumerGroup> context,
      IndexerResourceCache<StreamConsumerGroup> primaries,
      FieldSelector fields) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, StreamConsumerGroup.class)
            .withName("referenced-" + kind)
            .withNamespacesInheritedFromController()
            .withInformerListLimit(ClusterView.PAGE)
            .withFieldSelector(fields)
            .withSecondaryToPrimaryMapper(
                object ->
                    primaries
                        .byIndex(
                            REFERENCES,
                            key(
                                kind,
                                object.getMetadata().getNamespace(),
                                object.getMetadata().getName()))
                        .stream()
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet()))
            .<StreamConsumerGroup>withPrimaryToSecondaryMapper(
                resource ->
                    references(resource)
                        .filter(reference -> reference.kind() == kind)
                        .map(
                            reference ->
                                new ResourceID(
                                    reference.name(), resource.getMetadata().getNamespace()))
                        .collect(Collectors.toSet()))
            .build(),
        context);
  }

  /** A resource that can't be read has no references. */
  private static Stream<Reference> references(StreamConsumerGroup resource) {
    try {
      return References.of(Fleet.of(resource)).stream();
    } catch (InvalidManifest e) {
      return Stream.empty();
    }
  }

  private static String key(StreamConsumerGroup resource, Reference reference) {
    return key(reference.kind(), resource.getMetadata().getNamespace(), reference.name());
  }

  private static String key(Reference.Kind kind, String namespace, String name) {
    return kind + "/" + namespace + "/" + name;
  }

  List<EventSource<?, StreamConsumerGroup>> eventSources() {
    return List.of(secrets, configMaps);
  }

  /** The references of a resource to objects that don't exist, except optional ones. */
  public List<Reference> missing(Fleet fleet) {
    return References.of(fleet).stream()
        .filter(reference -> !reference.optional())
        .filter(reference -> !exists(fleet.namespace(), reference))
        .toList();
  }

  private boolean exists(String namespace, Reference reference) {
    ResourceID id = new ResourceID(reference.name(), namespace);
    return switch (reference.kind()) {
      case SECRET -> secrets.get(id).isPresent();
      case CONFIG_MAP -> configMaps.get(id).isPresent();
    };
  }
}
