package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Incident;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker ends when it is told to and not otherwise, and with status 0 unless a handler outlasted
 * the grace period or something happened to it on the way.
 */
final class GoodEnds implements Promise {

  private static final String PROMISE = "drain";

  @Override
  public List<Violation> broken(Evidence evidence) {
    List<Violation> broken = new ArrayList<>();
    for (Departure it : evidence.departures()) {
      switch (it.why()) {
        case KILLED -> {}
        case BY_ITSELF ->
            broken.add(
                new Violation(
                    PROMISE, null, it.worker() + " ended by itself with status " + it.status()));
        case ASKED -> {
          if (it.status() != 0 && !isExcused(evidence, it)) {
            broken.add(
                new Violation(
                    PROMISE,
                    null,
                    "%s was told to end at %.3f s and ended with status %d"
                        .formatted(it.worker(), it.from() / 1e9, it.status())));
          }
        }
      }
    }
    return broken;
  }

  private static boolean isExcused(Evidence evidence, Departure departure) {
    boolean hindered =
        evidence.incidents().stream()
            .filter(it -> it.kind() != Incident.Kind.TERMINATED)
            .anyMatch(it -> it.touches(departure.worker(), departure.from(), departure.at()));
    return hindered
        || evidence.handlings().stream()
            .filter(it -> it.worker().equals(departure.worker()))
            .anyMatch(
                it -> it.ended() - departure.from() > evidence.rules().drainTimeout() * 9 / 10);
  }
}
