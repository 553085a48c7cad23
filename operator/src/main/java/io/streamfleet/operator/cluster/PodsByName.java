package io.streamfleet.operator.cluster;

import java.util.Set;

/**
 * The pods of a resource by their names, which are the consumers' names, too.
 *
 * @param living those that run, or are about to
 * @param over those that run no more, and of which the cluster, or the resource's status, still
 *     says that they were its pods
 */
public record PodsByName(Set<String> living, Set<String> over) {

  public PodsByName {
    living = Set.copyOf(living);
    over = Set.copyOf(over);
  }
}
