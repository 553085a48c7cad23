package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Parked entries without an order whose next attempt is due. They are fetched many at a time, as
 * far as there is room. Belongs to the pipeline's loop.
 */
final class DueEntries {

  /** Ids in one fetch: with usual payloads a reply then has some 100 KiB. */
  private static final int MOST = 250;

  /** Until the next fetch if there was no room or no reply. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final EventLoop loop;
  private final LaneWork work;
  private final Map<StreamConsumer, OfStream> streams = new LinkedHashMap<>();

  DueEntries(EventLoop loop, LaneWork work) {
    this.loop = loop;
    this.work = work;
  }

  /** The due entries of one stream; one fetch at a time. */
  private static final class OfStream {
    private final LinkedHashSet<EntryId> ids = new LinkedHashSet<>();
    private boolean fetching;
    private boolean refused;
  }

  void add(StreamConsumer stream, EntryId id) {
    streams.computeIfAbsent(stream, _ -> new OfStream()).ids.add(id);
  }

  /** Removes entries: they are not pending for this consumer any more, or wait elsewhere. */
  void forget(StreamConsumer stream, Set<EntryId> ids) {
    OfStream due = streams.get(stream);
    if (due != null) {
      ids.forEach(due.ids::remove);
    }
  }

  /**
   * Called at the end of each turn.
   *
   * @param most how many are wanted
   */
  void turn(int most) {
    for (Map.Entry<StreamConsumer, OfStream> each : streams.entrySet()) {
      OfStream due = each.getValue();
      if (!due.fetching && !due.ids.isEmpty()) {
        int room = Math.min(Math.min(most, MOST), work.roomForParked());
        if (room > 0) {
          fetch(each.getKey(), due, room);
        }
      }
    }
  }

  boolean wantRoom() {
    return streams.values().stream().anyMatch(due -> due.refused);
  }

  private void fetch(StreamConsumer stream, OfStream due, int room) {
    List<EntryId> ids = new ArrayList<>(due.ids.stream().limit(room).toList());
    due.fetching = true;
    work.fetchParked(
        stream,
        ids,
        left -> {
          ids.subList(0, ids.size() - left.size()).forEach(due.ids::remove);
          if (left.size() < ids.size()) {
            due.fetching = false;
          } else {
            due.refused = true;
            loop.after(
                PAUSE,
                () -> {
                  due.refused = false;
                  due.fetching = false;
                });
          }
        });
  }
}
