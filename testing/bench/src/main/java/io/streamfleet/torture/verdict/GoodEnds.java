package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.evidence.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A worker ends when it is told to and not otherwise; and with status 0, unless there was work for
 * the fleet, of which it leaves what it has in flight to others, or something happened to it.
 */
final class GoodEnds implements Promise {

  private static final String PROMISE = "drain";

  /**
   * A JVM that is told to end before it listens for that ends like any process: 128 and SIGTERM.
   */
  private static final int BEFORE_IT_LISTENS = 143;

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
          if (it.status() != 0 && !evidence.isOriginal(it.worker()) && !isExcused(evidence, it)) {
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

  /** What it had in flight and never began with stays behind, and its status says so. */
  private static boolean isExcused(Evidence evidence, Departure departure) {
    return switch (departure.status()) {
      case 1 -> isHindered(evidence, departure) || hasWork(evidence, departure.from());
      case BEFORE_IT_LISTENS -> !departure.consumed();
      default -> false;
    };
  }

  private static boolean isHindered(Evidence evidence, Departure departure) {
    return evidence.incidents().stream()
        .filter(it -> it.kind() != Incident.Kind.TERMINATED)
        .anyMatch(it -> it.touches(departure.worker(), departure.from(), departure.at()));
  }

  /** Whether there was anything to do for the fleet at a time. */
  private static boolean hasWork(Evidence evidence, long at) {
    Map<EntryKey, Long> sent =
        evidence.published().stream().collect(Collectors.toMap(Published::entry, Published::sent));
    return evidence.handlings().stream()
        .anyMatch(it -> it.ended() >= at && sent.getOrDefault(it.entry(), Long.MAX_VALUE) <= at);
  }
}
