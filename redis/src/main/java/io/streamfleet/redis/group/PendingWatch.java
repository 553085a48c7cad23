package io.streamfleet.redis.group;

import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * For how long the same entry has been the oldest pending one of its group. Redis keeps when an
 * entry was last delivered, and a worker that renews what it has in flight sets that back; so who
 * looks again and again remembers. Any thread may ask.
 */
public final class PendingWatch {

  private final LongSupplier nanoTime;
  private final ConcurrentMap<ConsumerGroup, Sighting> oldest = new ConcurrentHashMap<>();

  /**
   * @param deliveredAt by our own clock, in nanoseconds
   */
  private record Sighting(EntryId id, long deliveredAt) {}

  public PendingWatch() {
    this(System::nanoTime);
  }

  PendingWatch(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * An entry was seen to be the oldest.
   *
   * @param idle since it was last delivered or renewed
   * @return since it was delivered, as far as is known
   */
  Duration saw(ConsumerGroup group, EntryId id, Duration idle) {
    long now = nanoTime.getAsLong();
    long lastDelivery = now - idle.toNanos();
    Sighting sighting =
        oldest.merge(
            group,
            new Sighting(id, lastDelivery),
            (before, fresh) ->
                before.id().equals(id) && before.deliveredAt() - lastDelivery < 0 ? before : fresh);
    return Duration.ofNanos(now - sighting.deliveredAt());
  }

  /** Nothing is pending in a group. */
  void sawNone(ConsumerGroup group) {
    oldest.remove(group);
  }

  /** Forgets all groups but these. */
  public void keepOnly(Collection<ConsumerGroup> groups) {
    oldest.keySet().retainAll(groups);
  }
}
