package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An entry is handled again only after it failed, or if its worker died, was stopped or could not
 * reach Redis between the start and the acknowledgement. While the handler's endpoint was
 * unavailable a failure may use no attempt, and another worker may continue. Original workers do
 * not check who owns an entry.
 */
final class NoDuplicates implements Promise {

  private static final String PROMISE = "duplicates only where a worker died or lost an entry";

  @Override
  public List<Violation> broken(Evidence evidence) {
    List<Violation> broken = new ArrayList<>();
    evidence
        .byEntry()
        .forEach(
            (entry, handlings) -> {
              for (int i = 0; i + 1 < handlings.size(); i++) {
                again(evidence, handlings.get(i), handlings.get(i + 1))
                    .ifPresent(what -> broken.add(new Violation(PROMISE, entry, what)));
              }
            });
    return broken;
  }

  /** What is wrong with a call that follows another one for the same entry. */
  private static Optional<String> again(Evidence evidence, Handling first, Handling next) {
    if (evidence.isOriginal(first.worker()) || evidence.isOriginal(next.worker())) {
      return Optional.empty();
    }
    if (evidence.disturbed(first.worker(), first.began(), next.began())
        || evidence.woke(first)
        || evidence.woke(next)) {
      return Optional.empty();
    }
    boolean trouble = evidence.handlerTrouble(first.began(), next.began());
    if (trouble && first.ending() == Handling.Ending.REFUSED) {
      // While a breaker is open a failure of any kind costs nothing, and is tried again.
      return Optional.empty();
    }
    if (!evidence.rules().failed(first)) {
      return Optional.of(
          "was handled again by %s, though its call by %s had ended with %s and nothing had happened"
              .formatted(next.worker(), first.worker(), first.ending()));
    }
    if (trouble) {
      return Optional.empty();
    }
    if (first.attempt() >= evidence.rules().maxAttempts()) {
      return Optional.of("was tried again after its last attempt, " + first.attempt());
    }
    return next.worker().equals(first.worker())
        ? Optional.empty()
        : Optional.of(
            "was tried again by %s, though %s had it in flight and nothing had happened to it"
                .formatted(next.worker(), first.worker()));
  }
}
