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
 * A worker exits only when it is told to. Its status is 0, unless there was work in the fleet, in
 * which case it may leave entries in flight to others, or something happened to it.
 */
final class GoodEnds implements Promise {

  private static final String PROMISE = "drain";

  /**
   * A JVM that gets SIGTERM before it has installed its handler exits like any process: 128 plus
   * the signal.
   */
  private static final int SIGTERM_STATUS = 143;

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

  /** Entries in flight that it never started stay behind, and its status says so. */
  private static boolean isExcused(Evidence evidence, Departure departure) {
    return switch (departure.status()) {
      case 1 -> isHindered(evidence, departure) || hasWork(evidence, departure.from());
      case SIGTERM_STATUS -> !departure.consumed();
      default -> false;
    };
  }

  private static boolean isHindered(Evidence evidence, Departure departure) {
    return evidence.incidents().stream()
        .filter(it -> it.kind() != Incident.Kind.TERMINATED)
        .anyMatch(it -> it.touches(departure.worker(), departure.from(), departure.at()));
  }

  /** Whether the fleet had any work at a time. */
  private static boolean hasWork(Evidence evidence, long at) {
    Map<EntryKey, Long> sent =
        evidence.published().stream().collect(Collectors.toMap(Published::entry, Published::sent));
    return evidence.handlings().stream()
        .anyMatch(it -> it.ended() >= at && sent.getOrDefault(it.entry(), Long.MAX_VALUE) <= at);
  }
}
