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
 * Parked entries that wait for no other and whose next attempt is due: fetched many at a time, as
 * there is room. Belongs to the pipeline's loop.
 */
final class DueEntries {

  /** Ids in one fetch: each brings a payload, and a reply of some 100 KiB is a good size. */
  private static final int MOST = 250;

  /** Until they are asked for again, when there was no room or no answer. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final EventLoop loop;
  private final LaneWork work;
  private final Map<StreamConsumer, OfStream> streams = new LinkedHashMap<>();

  DueEntries(EventLoop loop, LaneWork work) {
    this.loop = loop;
    this.work = work;
  }

  /** What is due of one stream; a fetch at a time. */
  private static final class OfStream {
    private final LinkedHashSet<EntryId> ids = new LinkedHashSet<>();
    private boolean fetching;
    private boolean refused;
  }

  void add(StreamConsumer stream, EntryId id) {
    streams.computeIfAbsent(stream, _ -> new OfStream()).ids.add(id);
  }

  /** Entries are not ours any more, or wait somewhere else now. */
  void forget(StreamConsumer stream, Set<EntryId> ids) {
    OfStream due = streams.get(stream);
    if (due != null) {
      ids.forEach(due.ids::remove);
    }
  }

  /**
   * Called at the end of each turn.
   *
   * @param most so many are wanted
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
