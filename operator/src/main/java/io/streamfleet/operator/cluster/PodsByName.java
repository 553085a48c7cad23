package io.streamfleet.operator.cluster;

import java.util.Set;

/**
 * The pods of a resource by name. A pod's name is also its consumer's name.
 *
 * @param living pods that run or are about to
 * @param over pods that have ended and are still known, from the cluster or from the resource's
 *     status
 */
public record PodsByName(Set<String> living, Set<String> over) {

  public PodsByName {
    living = Set.copyOf(living);
    over = Set.copyOf(over);
  }
}
