package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.Countdown;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.pending.DeliveryCounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Ownership and delivery counts of entries before they start. Entries that wait for an unavailable
 * endpoint get their delivery count decremented, so that it costs them no attempt if the worker is
 * killed meanwhile. The delivery is counted again before they start. Belongs to the pipeline's
 * loop.
 */
final class Deliveries {

  /** The operation in the log and in metrics. */
  static final String TAKE_BACK = "take deliveries back";

  private static final String COUNT = "count deliveries";

  private final EventLoop loop;
  private final CallReport calls;
  private final ByStream<StreamParts> streams;
  private final Persistent persistent;
  private final DeliveryCounts counts;

  /**
   * Entries whose delivery count was decremented. Weak references, so that entries that are no
   * longer in flight need not be removed.
   */
  private final Set<Entry> takenBack = Collections.newSetFromMap(new WeakHashMap<>());

  /**
   * @param calls notified of the calls that decrement counts
   */
  Deliveries(
      Shared shared,
      ByStream<StreamParts> streams,
      Persistent persistent,
      DeliveryCounts counts,
      CallReport calls) {
    this.loop = shared.loop();
    this.calls = calls;
    this.streams = streams;
    this.persistent = persistent;
    this.counts = counts;
  }

  /** Whether an entry may start without {@link #confirm}. */
  boolean fresh(Entry entry, long now) {
    return streams.of(entry).ownership().isFresh(entry, now) && !isTakenBack(entry);
  }

  /** Whether the delivery count of an entry was decremented. */
  boolean isTakenBack(Entry entry) {
    return !takenBack.isEmpty() && takenBack.contains(entry);
  }

  /**
   * Decrements the delivery counts of entries that wait for an endpoint. A failed call is not
   * repeated: then its entries lose an attempt if the worker is killed.
   */
  void takeBack(Collection<Entry> entries) {
    List<Entry> some = new ArrayList<>();
    for (Entry entry : entries) {
      if (!entry.waits() && takenBack.add(entry)) {
        some.add(entry);
      }
    }
    byStream(some, -1)
        .forEach(
            (stream, wanted) ->
                counts
                    .set(stream, wanted)
                    .whenComplete((done, failure) -> loop.execute(() -> report(failure))));
  }

  private void report(@Nullable Throwable failure) {
    if (failure == null) {
      calls.worked(TAKE_BACK);
    } else {
      calls.failed(TAKE_BACK, failure);
    }
  }

  /**
   * Confirms that entries are pending for this consumer, and counts their deliveries again. Lost
   * entries are removed before the continuation runs. Calls are repeated until Redis answers.
   */
  void confirm(List<Entry> entries, Runnable then) {
    Map<StreamParts, List<EntryId>> ids = new HashMap<>();
    for (Entry entry : entries) {
      ids.computeIfAbsent(streams.of(entry), _ -> new ArrayList<>()).add(entry.entryId());
    }
    Runnable confirmed = new Countdown(ids.size(), () -> count(entries, then));
    ids.forEach((stream, some) -> stream.ownership().confirm(some, confirmed));
  }

  private void count(List<Entry> entries, Runnable then) {
    List<Entry> back = entries.stream().filter(this::isTakenBack).toList();
    Map<StreamConsumer, Map<EntryId, Integer>> wanted = byStream(back, 0);
    if (wanted.isEmpty()) {
      then.run();
      return;
    }
    Runnable counted =
        new Countdown(
            wanted.size(),
            () -> {
              back.forEach(takenBack::remove);
              then.run();
            });
    wanted.forEach(
        (stream, some) ->
            persistent.call(COUNT, () -> counts.set(stream, some), _ -> counted.run()));
  }

  private static Map<StreamConsumer, Map<EntryId, Integer>> byStream(
      List<Entry> entries, int more) {
    Map<StreamConsumer, Map<EntryId, Integer>> all = new HashMap<>();
    for (Entry entry : entries) {
      all.computeIfAbsent(entry.streamName(), _ -> new HashMap<>())
          .put(entry.entryId(), entry.attempt() + more);
    }
    return all;
  }
}
