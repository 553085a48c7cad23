package io.streamfleet.operator.resource;

/** Which resource. */
public record FleetId(String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
