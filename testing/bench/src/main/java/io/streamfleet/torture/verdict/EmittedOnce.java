package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.DeadLetterRecord;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Published;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A handler's message is appended atomically with the acknowledgement of its entry: once, as
 * exactly one call settles the entry.
 */
final class EmittedOnce implements Promise {

  private static final String PROMISE = "emitted with the acknowledgement";

  @Override
  public List<Violation> broken(Evidence evidence) {
    Map<String, Set<String>> emitted = new TreeMap<>();
    for (Handling it : evidence.handlings()) {
      if (!it.of().isEmpty()) {
        emitted.computeIfAbsent(it.of(), key -> new HashSet<>()).add(it.entry().toString());
      }
    }
    Set<EntryKey> done = new HashSet<>();
    // A worker that claims an entry may acknowledge it first, and emits nothing.
    Set<EntryKey> taken = new HashSet<>();
    for (Handling it : evidence.handlings()) {
      if (it.isDone()) {
        (evidence.isOriginal(it.worker()) ? taken : done).add(it.entry());
      }
    }
    evidence.published().stream().filter(evidence::requeued).forEach(it -> taken.add(it.entry()));
    Map<EntryKey, List<DeadLetterRecord>> letters = evidence.lettersByEntry();
    List<Violation> broken = new ArrayList<>();
    for (Published it : evidence.published()) {
      if (it.isEmitted()) {
        continue;
      }
      int count = emitted.getOrDefault(it.entry().id().toString(), Set.of()).size();
      boolean wanted = it.errand().kind().emits() && done.contains(it.entry());
      boolean repeated = wanted && count > 1 && mayRepeat(evidence, it);
      boolean good =
          count == (wanted ? 1 : 0) || repeated || (count == 0 && mayBeNone(evidence, it, taken));
      List<DeadLetterRecord> dead = letters.getOrDefault(it.entry(), List.of());
      // Original workers dead-letter entries that ours have settled.
      boolean both = count > 0 && dead.stream().noneMatch(DeadLetterRecord::isOriginal);
      if (dead.isEmpty() ? !good : both && !maySplit(evidence, it)) {
        broken.add(new Violation(PROMISE, it.entry(), "has emitted " + count + " messages"));
      }
    }
    return broken;
  }

  private static boolean mayBeNone(Evidence evidence, Published entry, Set<EntryKey> taken) {
    return taken.contains(entry.entry())
        || evidence.forgotten().contains(entry.entry())
        // The emitted entry may be lost as well, and was not handled then.
        || (!evidence.forgotten().isEmpty() && evidence.lostCounts(entry.sent(), Long.MAX_VALUE));
  }

  /** Whether an entry may have emitted a message and still be a dead letter. */
  private static boolean maySplit(Evidence evidence, Published entry) {
    return !evidence.rules().oneStep() || mayRepeat(evidence, entry);
  }

  /** Two separate steps of which only one was done, or data that Redis has lost. */
  private static boolean mayRepeat(Evidence evidence, Published entry) {
    return evidence.lostCounts(entry.sent(), Long.MAX_VALUE)
        || (!evidence.rules().oneStep() && evidence.disturbed(entry.sent(), Long.MAX_VALUE));
  }
}
