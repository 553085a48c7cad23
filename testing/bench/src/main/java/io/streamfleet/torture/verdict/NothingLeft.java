package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Remains;
import java.util.ArrayList;
import java.util.List;

/** When all workers have exited, nothing of theirs is left. */
final class NothingLeft implements Promise {

  private static final String PROMISE = "nothing is left behind";

  private static final String DUE_TIMES = ":due:";

  @Override
  public List<Violation> broken(Evidence evidence) {
    Remains remains = evidence.remains();
    List<Violation> broken = new ArrayList<>();
    remains
        .pending()
        .forEach(
            (entry, whose) -> broken.add(new Violation(PROMISE, entry, "is pending: " + whose)));
    remains
        .undelivered()
        .forEach(entry -> broken.add(new Violation(PROMISE, entry, "was never delivered")));
    remains
        .consumers()
        .forEach(
            (stream, names) ->
                names.stream()
                    // Original workers leave their names behind.
                    .filter(name -> !evidence.isOriginal(name))
                    .map(name -> "the consumer name %s in %s".formatted(name, stream))
                    .forEach(what -> broken.add(new Violation(PROMISE, null, what))));
    remains.keys().stream()
        // An entry that Redis has lost is never retried, which would remove its due time; the key
        // expires.
        .filter(key -> !(key.contains(DUE_TIMES) && evidence.lostCounts(0, Long.MAX_VALUE)))
        .forEach(key -> broken.add(new Violation(PROMISE, null, "the key " + key)));
    return broken;
  }
}
