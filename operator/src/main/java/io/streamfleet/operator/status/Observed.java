package io.streamfleet.operator.status;

import io.streamfleet.operator.cluster.PodObservation;
import io.streamfleet.operator.cluster.WorkersObservation;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.resource.Reference;
import java.util.List;
import java.util.Optional;

/**
 * All that a report is made of.
 *
 * @param failures of objects that could not be written, for people
 * @param missing the Secrets and ConfigMaps that are not there
 * @param keda whether KEDA's API is there
 * @param podMonitors whether the API of PodMonitors is there
 */
public record Observed(
    WorkersObservation workers,
    List<PodObservation> pods,
    RedisObservation redis,
    List<String> failures,
    List<Reference> missing,
    boolean keda,
    boolean podMonitors) {

  public Observed {
    pods = List.copyOf(pods);
    failures = List.copyOf(failures);
    missing = List.copyOf(missing);
  }

  Optional<String> firstFailure() {
    return failures.stream().findFirst();
  }
}
