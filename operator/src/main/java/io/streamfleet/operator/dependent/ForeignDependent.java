package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.metrics.OperatorMetrics;

/**
 * An object whose API the cluster may lack. It is watched only once it is wanted and its API
 * exists.
 */
abstract class ForeignDependent extends FleetDependent<GenericKubernetesResource> {

  private final GroupVersionKind kind;

  ForeignDependent(GroupVersionKind kind, String name, OperatorMetrics metrics) {
    super(GenericKubernetesResource.class, name, metrics);
    this.kind = kind;
  }

  @Override
  protected InformerEventSourceConfiguration.Builder<GenericKubernetesResource>
      informerConfigurationBuilder(EventSourceContext<StreamConsumerGroup> context) {
    return InformerEventSourceConfiguration.from(kind, context.getPrimaryResourceClass());
  }
}
