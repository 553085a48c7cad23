package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.observe.StreamMetrics;
import io.streamfleet.worker.own.Hand;
import io.streamfleet.worker.read.Batch.Rejected;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.settle.DeadLetters;
import io.streamfleet.worker.settle.Reason;
import io.streamfleet.worker.settle.Traces;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Step 2, where it fails: entries of one stream that go to the dead letters without having been in
 * hand, because nobody can tell what is in them, or nothing is left of it. Belongs to the
 * pipeline's loop.
 */
final class Rejecting {

  private final Pipeline pipeline;
  private final StreamName stream;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final Hand hand;
  private final DeadLetters letters;

  /** Ids that are on their way to the dead letters, and still pending for us. */
  private final Set<EntryId> burying = new HashSet<>();

  Rejecting(
      Pipeline pipeline,
      StreamName stream,
      StreamMetrics metrics,
      Credits credits,
      Hand hand,
      DeadLetters letters) {
    this.pipeline = pipeline;
    this.stream = stream;
    this.metrics = metrics;
    this.credits = credits;
    this.hand = hand;
    this.letters = letters;
  }

  /** Whether an entry is on its way out already. */
  boolean isBurying(EntryId id) {
    return burying.contains(id);
  }

  /** An entry came that cannot be handled; it takes up credit until its letter is written. */
  void reject(Rejected rejected) {
    EntryId id = rejected.id();
    if (pipeline.draining() || hand.entry(id) != null || !burying.add(id)) {
      credits.gone(1);
      return;
    }
    try {
      bury(rejected);
    } catch (RuntimeException | Error e) {
      // A mistake of ours. It is pending still, and found when that is looked through.
      settled(id);
      pipeline.diary().bug(e);
    }
  }

  private void bury(Rejected rejected) {
    EntryId id = rejected.id();
    pipeline.diary().deadLettered(stream, id, rejected.reason(), rejected.error());
    letters.bury(
        id,
        new DeadLetters.Verdict(rejected.reason(), rejected.error(), rejected.deliveries()),
        true,
        written -> {
          settled(id);
          if (written) {
            buried(rejected);
          }
        });
  }

  private void settled(EntryId id) {
    burying.remove(id);
    credits.gone(1);
  }

  private void buried(Rejected rejected) {
    metrics.deadLettered(rejected.reason());
    if (rejected.reason().equals(Reason.PAYLOAD_LOST)) {
      metrics.claimedDeleted(1);
    }
    String trace = rejected.trace();
    if (trace != null) {
      pipeline.traces().record(trace, Traces.State.DEAD_LETTERED);
    }
  }

  /** The server struck ids off the pending list whose entries the stream holds no more. */
  void deleted(List<EntryId> all) {
    // What is in hand has its payload here, and is handled.
    List<EntryId> ids = all.stream().filter(id -> hand.entry(id) == null).toList();
    metrics.claimedDeleted(ids.size());
    ids.forEach(
        id ->
            letters.bury(
                id,
                new DeadLetters.Verdict(
                    Reason.PAYLOAD_LOST, "the stream was trimmed while the entry was pending", 0),
                false,
                written -> metrics.deadLettered(Reason.PAYLOAD_LOST)));
  }
}
