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
 * What Redis knows of entries before they are handled: that they are ours, and how often they were
 * delivered. What waits for an endpoint that is away has its delivery taken back, so that a worker
 * that is killed meanwhile costs it no attempt, and counted again before it begins. Belongs to the
 * pipeline's loop.
 */
final class Deliveries {

  /** What a call is for, in the log and as the label of a metric. */
  static final String TAKE_BACK = "take deliveries back";

  private static final String COUNT = "count deliveries";

  private final EventLoop loop;
  private final CallReport calls;
  private final ByStream<StreamParts> streams;
  private final SettingsInForce settings;
  private final Persistent persistent;
  private final DeliveryCounts counts;

  /** Those that count as not delivered. Who is no longer in flight is forgotten with its entry. */
  private final Set<Entry> takenBack = Collections.newSetFromMap(new WeakHashMap<>());

  /**
   * @param calls hears how these calls go
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
    this.settings = shared.inForce();
    this.persistent = persistent;
    this.counts = counts;
  }

  /** Whether an entry may start without a question to Redis. */
  boolean fresh(Entry entry, long now) {
    return now - entry.ownedAt() < settings.freshNanos() && !isTakenBack(entry);
  }

  boolean isTakenBack(Entry entry) {
    return !takenBack.isEmpty() && takenBack.contains(entry);
  }

  /**
   * Takes the deliveries of entries back that wait for an endpoint. Best effort: what is left
   * undone costs an attempt, should the worker be killed.
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
   * Confirms that entries are ours, and counts their deliveries. Those lost are removed before the
   * continuation runs; it runs when Redis has answered.
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
