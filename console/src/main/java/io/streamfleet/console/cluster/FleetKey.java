package io.streamfleet.console.cluster;

/** Which StreamConsumerGroup. */
public record FleetKey(String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
