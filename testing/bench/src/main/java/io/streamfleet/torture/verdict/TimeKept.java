package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.plan.Errand;
import io.streamfleet.torture.plan.Errand.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An entry is not retried before the time that a handler has set, whichever worker has it. */
final class TimeKept implements Promise {

  private static final String PROMISE = "attempts survive restarts";

  /** The worker's time starts when it receives the answer, slightly after it was recorded here. */
  private static final long SLACK = Duration.ofMillis(100).toNanos();

  @Override
  public List<Violation> broken(Evidence evidence) {
    Set<EntryKey> postponed =
        evidence.published().stream()
            .filter(it -> it.errand().kind() == Kind.POSTPONE)
            .map(it -> it.entry())
            .collect(Collectors.toSet());
    List<Violation> broken = new ArrayList<>();
    evidence.byEntry().entrySet().stream()
        .filter(it -> postponed.contains(it.getKey()))
        .forEach(it -> check(evidence, it, broken));
    return broken;
  }

  private static void check(
      Evidence evidence, Map.Entry<EntryKey, List<Handling>> calls, List<Violation> broken) {
    Handling first = calls.getValue().getFirst();
    long due = first.ended() + Errand.POSTPONEMENT.toNanos() - SLACK;
    for (Handling next : calls.getValue().subList(1, calls.getValue().size())) {
      boolean early = first.ending() == Handling.Ending.FAILED && next.began() < due;
      if (early && !isExcused(evidence, first, next)) {
        broken.add(
            new Violation(
                PROMISE,
                calls.getKey(),
                "was tried again by %s %.3f s too early"
                    .formatted(next.worker(), (due - next.began()) / 1e9)));
      }
    }
  }

  /** The answer may not have arrived, or its record may be lost. */
  private static boolean isExcused(Evidence evidence, Handling first, Handling next) {
    return evidence.isOriginal(first.worker())
        || evidence.isOriginal(next.worker())
        || evidence.lostCounts(first.began(), next.began())
        || evidence.lostInHand(first.worker(), first.began(), next.began());
  }
}
