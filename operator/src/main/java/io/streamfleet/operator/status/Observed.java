package io.streamfleet.operator.status;

import io.streamfleet.operator.cluster.PodObservation;
import io.streamfleet.operator.cluster.WorkersObservation;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.resource.Reference;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a status is computed from.
 *
 * @param failures of objects that could not be applied, as text for users
 * @param missing the Secrets and ConfigMaps that don't exist
 * @param keda whether KEDA's API exists
 * @param podMonitors whether the PodMonitor API exists
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
