package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.DeadLetterRecord;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.evidence.Published;
import io.streamfleet.torture.plan.Errand.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Every entry was handled, or is a dead letter for a valid reason. */
final class NothingLost implements Promise {

  private static final String PROMISE = "at least once";

  /** The number of claims by an original worker of an entry that waits in it for its lock. */
  private static final int ORIGINAL_CLAIMS = 3;

  /**
   * Deaths before an entry is handled alone: workers here have no state folder and a new name each
   * time, so three have to be gone before it is a suspect; then it dies with all, with 16 and with
   * 4.
   */
  private static final int FOUND_WITHIN = 3 + 3;

  @Override
  public List<Violation> broken(Evidence evidence) {
    Map<EntryKey, List<Handling>> handlings = evidence.byEntry();
    Map<EntryKey, List<DeadLetterRecord>> letters = evidence.lettersByEntry();
    List<Violation> broken = new ArrayList<>(missing(evidence));
    for (Published it : evidence.published()) {
      fate(
              evidence,
              it,
              handlings.getOrDefault(it.entry(), List.of()),
              letters.getOrDefault(it.entry(), List.of()))
          .ifPresent(what -> broken.add(new Violation(PROMISE, it.entry(), what)));
    }
    return broken;
  }

  /** Each message was sent until Redis took it; Redis keeps it unless there is a failover. */
  private static List<Violation> missing(Evidence evidence) {
    if (evidence.incidents().stream().anyMatch(it -> it.kind() == Incident.Kind.FAILOVER)) {
      return List.of();
    }
    LongSummaryStatistics numbers =
        evidence.published().stream()
            .filter(it -> !it.isEmitted())
            .mapToLong(Published::number)
            .summaryStatistics();
    Set<Long> there =
        evidence.published().stream().map(Published::number).collect(Collectors.toSet());
    return LongStream.rangeClosed(numbers.getMin(), numbers.getMax())
        .filter(number -> !there.contains(number))
        .mapToObj(
            number -> new Violation(PROMISE, null, "message " + number + " is not in the stream"))
        .toList();
  }

  /** What is wrong with the outcome of an entry. */
  private static Optional<String> fate(
      Evidence evidence,
      Published entry,
      List<Handling> handlings,
      List<DeadLetterRecord> letters) {
    List<DeadLetterRecord> ours = letters.stream().filter(it -> !it.isOriginal()).toList();
    boolean repeated =
        evidence.lostCounts(entry.sent(), Long.MAX_VALUE)
            || (!evidence.rules().oneStep() && evidence.disturbed(entry.sent(), Long.MAX_VALUE));
    if (ours.size() > 1 && !repeated) {
      return Optional.of("has " + ours.size() + " dead letters");
    }
    if (!ours.isEmpty()) {
      return wrong(evidence, entry, handlings, ours.getLast());
    }
    if (!letters.isEmpty()) {
      return evidence.originalsSince(entry.sent()) > 0
          ? Optional.empty()
          : Optional.of("is a dead letter without a reason");
    }
    Kind kind = entry.errand().kind();
    boolean settled = handlings.stream().anyMatch(Handling::isDone) && !kind.isDoomed();
    if (settled || evidence.requeued(entry) || evidence.forgotten().contains(entry.entry())) {
      return Optional.empty();
    }
    return Optional.of(
        kind.isDoomed()
            ? "should be a dead letter (" + kind + "), and is none"
            : "was neither handled nor dead-lettered");
  }

  private static Optional<String> wrong(
      Evidence evidence, Published entry, List<Handling> handlings, DeadLetterRecord letter) {
    Kind kind = entry.errand().kind();
    boolean holds =
        switch (letter.reason()) {
          case "undecodable" -> kind == Kind.GARBAGE && handlings.isEmpty();
          case "too_large" -> kind == Kind.TOO_LARGE && handlings.isEmpty();
          case "permanent_failure" ->
              !handlings.isEmpty()
                  && switch (handlings.getLast().ending()) {
                    case REFUSED -> kind == Kind.REFUSE;
                    // The stream that it emits to rejects entries.
                    case DONE -> kind == Kind.EMIT_BOTH;
                    case FAILED, DROPPED, HUNG_UP -> false;
                  };
          case "max_attempts" -> usedUp(evidence, entry, handlings, letter);
          case "max_deliveries" ->
              deliveredTooOften(evidence, entry, handlings)
                  && (kind != Kind.FATAL
                      || evidence.lostCounts(entry.sent(), Long.MAX_VALUE)
                      || ours(evidence, handlings).size()
                          <= evidence.rules().maxDeliveries()
                              + evidence.lostAnswersSince(entry.sent()));
          case "killed_worker" ->
              kind == Kind.FATAL
                  && (evidence.lostCounts(entry.sent(), Long.MAX_VALUE)
                      || killedItsWorkers(evidence, entry, handlings));
          default -> false;
        };
    return holds
        ? Optional.empty()
        : Optional.of(
            "is a dead letter for no good reason: %s at attempt %d, %s, handled %d times"
                .formatted(letter.reason(), letter.attempt(), letter.error(), handlings.size()));
  }

  /** Its workers died of it, as often as it takes to find it, and then as often as allowed. */
  private static boolean killedItsWorkers(
      Evidence evidence, Published entry, List<Handling> handlings) {
    long deaths = handlings.stream().filter(it -> it.ending() == Handling.Ending.HUNG_UP).count();
    int alone = evidence.rules().maxDeliveries();
    return deaths >= alone
        && deaths <= alone + FOUND_WITHIN + evidence.lostAnswersSince(entry.sent());
  }

  private static List<Handling> ours(Evidence evidence, List<Handling> handlings) {
    return handlings.stream().filter(it -> !evidence.isOriginal(it.worker())).toList();
  }

  /**
   * Its last call failed at the last attempt; fewer calls than attempts need a cause. If its group
   * was lost meanwhile, another worker may have received it once more and handled it successfully.
   */
  private static boolean usedUp(
      Evidence evidence, Published entry, List<Handling> handlings, DeadLetterRecord letter) {
    List<Handling> ours = ours(evidence, handlings);
    if (ours.isEmpty() || letter.attempt() < evidence.rules().maxAttempts()) {
      return false;
    }
    Handling last = ours.getLast();
    long failures = handlings.stream().filter(evidence.rules()::failed).count();
    boolean deliveredAnew = evidence.lostCounts(entry.sent(), Long.MAX_VALUE) && failures > 0;
    return (evidence.rules().failed(last) || evidence.unheard(last) || deliveredAnew)
        && (failures >= letter.attempt() || evidence.disturbed(entry.sent(), last.ended()));
  }

  /** Each delivery beyond its failures was caused by a worker that died or did not respond. */
  private static boolean deliveredTooOften(
      Evidence evidence, Published entry, List<Handling> handlings) {
    long misfortunes =
        evidence.incidents().stream()
            .filter(it -> it.kind().concernsWorkers() && it.to() >= entry.sent())
            // A handler that dies takes no worker along.
            .filter(it -> it.kind() != Incident.Kind.HANDLER_DIED)
            .count();
    long claims = ORIGINAL_CLAIMS * evidence.originalsSince(entry.sent());
    return misfortunes + claims + handlings.size() >= evidence.rules().maxDeliveries();
  }
}
