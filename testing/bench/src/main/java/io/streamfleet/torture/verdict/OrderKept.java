package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Published;
import io.streamfleet.torture.evidence.SoloSpan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Within a worker a channel keeps its order: a failed entry is retried before the next one starts,
 * and if one worker reads everything, entries start in the order of the stream.
 */
final class OrderKept implements Promise {

  private static final String PROMISE = "order of a channel within a worker";

  @Override
  public List<Violation> broken(Evidence evidence) {
    List<Violation> broken = new ArrayList<>();
    Collection<List<Handling>> channels = evidence.byChannel().values();
    channels.forEach(channel -> overtaken(evidence, channel, broken));
    for (SoloSpan solo : evidence.solos()) {
      Set<EntryKey> read = readIn(evidence, solo);
      channels.forEach(channel -> outOfOrder(channel, solo, read, broken));
    }
    return broken;
  }

  /** Nothing runs between a failure and the next attempt. */
  private static void overtaken(Evidence evidence, List<Handling> channel, List<Violation> broken) {
    Map<EntryKey, Handling> failed = new HashMap<>();
    for (Handling next : channel) {
      failed.remove(next.entry());
      failed
          .values()
          .removeIf(earlier -> evidence.disturbed(earlier.worker(), earlier.began(), next.began()));
      for (Handling earlier : failed.values()) {
        boolean elsewhere =
            !next.worker().equals(earlier.worker())
                && evidence.handlerTrouble(earlier.began(), next.began());
        if (elsewhere) {
          // Who has given the endpoint up holds no lock: order is kept within a worker.
          continue;
        }
        if (next.entry().compareTo(earlier.entry()) < 0) {
          // An older entry that arrived late belongs before it.
          continue;
        }
        broken.add(
            new Violation(
                PROMISE,
                earlier.entry(),
                "waited for its next attempt after %d when %s began with %s in its channel %s"
                    .formatted(
                        earlier.attempt(), next.worker(), next.entry().id(), next.channel())));
      }
      // A failed entry of an original worker waits for a sweep, and nothing waits for it.
      if (!evidence.isOriginal(next.worker())
          && !isGone(evidence, next)
          && evidence.rules().failed(next)
          && next.attempt() < evidence.rules().maxAttempts()) {
        failed.put(next.entry(), next);
      }
    }
  }

  /**
   * Whether Redis has lost the entry by then, so that there is no next attempt: by a fault, or by a
   * failover to a master that lacked it.
   */
  private static boolean isGone(Evidence evidence, Handling call) {
    return evidence.lostCounts(0, call.ended())
        && (evidence.forgotten().contains(call.entry()) || !evidence.isKnown(call.entry()));
  }

  private static Set<EntryKey> readIn(Evidence evidence, SoloSpan solo) {
    return evidence.published().stream()
        .filter(it -> it.sent() >= solo.from() && it.sent() <= solo.to())
        .map(Published::entry)
        .collect(Collectors.toSet());
  }

  private static void outOfOrder(
      List<Handling> channel, SoloSpan solo, Set<EntryKey> read, List<Violation> broken) {
    Set<EntryKey> begun = new HashSet<>();
    EntryKey last = null;
    for (Handling next : channel) {
      if (!read.contains(next.entry()) || !begun.add(next.entry())) {
        continue;
      }
      if (last != null && next.entry().compareTo(last) < 0) {
        broken.add(
            new Violation(
                PROMISE,
                next.entry(),
                "began after %s in the channel %s, though %s was alone"
                    .formatted(last.id(), next.channel(), solo.worker())));
      }
      last = next.entry();
    }
  }
}
