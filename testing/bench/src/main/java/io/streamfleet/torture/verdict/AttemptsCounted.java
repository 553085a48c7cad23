package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Attempts are counted in Redis, one by one, and the count never decreases. */
final class AttemptsCounted implements Promise {

  private static final String PROMISE = "attempts survive restarts";

  @Override
  public List<Violation> broken(Evidence evidence) {
    List<Violation> broken = new ArrayList<>();
    Map<EntryKey, List<Handling>> byEntry = evidence.byEntry();
    for (Published it : evidence.published()) {
      // Original workers count for themselves.
      List<Handling> handlings =
          byEntry.getOrDefault(it.entry(), List.of()).stream()
              .filter(call -> !evidence.isOriginal(call.worker()))
              .toList();
      if (!handlings.isEmpty()) {
        check(evidence, it, handlings, broken);
      }
    }
    return broken;
  }

  private static void check(
      Evidence evidence, Published entry, List<Handling> handlings, List<Violation> broken) {
    Handling first = handlings.getFirst();
    // A worker that was resumed reports the state of when it was stopped.
    if (first.attempt() != 1
        && !evidence.woke(first)
        && !evidence.disturbed(entry.sent(), first.began())
        && !evidence.mayHaveGoneToTheDead(entry.sent(), first.began())) {
      broken.add(
          new Violation(
              PROMISE, entry.entry(), "began with attempt " + first.attempt() + " for no reason"));
    }
    for (int i = 0; i + 1 < handlings.size(); i++) {
      Handling earlier = handlings.get(i);
      Handling next = handlings.get(i + 1);
      if (evidence.woke(earlier)
          || evidence.woke(next)
          || evidence.lostCounts(earlier.began(), next.began())) {
        continue;
      }
      // Connections that break together break for the endpoint: no entry is charged.
      boolean quiet =
          !evidence.disturbed(earlier.began(), next.began()) && !evidence.droppedTogether(earlier);
      boolean counts =
          quiet
              && evidence.rules().failed(earlier)
              && !evidence.handlerTrouble(earlier.began(), next.began());
      boolean wrong =
          counts ? next.attempt() != earlier.attempt() + 1 : next.attempt() < earlier.attempt();
      if (wrong) {
        broken.add(
            new Violation(
                PROMISE,
                entry.entry(),
                "had attempt %d after attempt %d".formatted(next.attempt(), earlier.attempt())));
      }
    }
  }
}
