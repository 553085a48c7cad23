package io.streamfleet.operator.resource;

import io.streamfleet.api.StreamConsumerGroup;

/** Identifies a resource. */
public record FleetId(String namespace, String name) {

  public static FleetId of(StreamConsumerGroup resource) {
    return new FleetId(resource.getMetadata().getNamespace(), resource.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
