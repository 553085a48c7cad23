package io.streamfleet.redis.group;

import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Remembers for how long the same entry has been the oldest pending one of its group. Redis only
 * keeps the time of the last delivery, which a worker resets when it renews its entries.
 * Thread-safe.
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
   * Records the oldest pending entry.
   *
   * @param idle since its last delivery or renewal
   * @return since its delivery, as far as is known
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

  /** Records that nothing is pending. */
  void sawNone(ConsumerGroup group) {
    oldest.remove(group);
  }

  /** Forgets all other groups. */
  public void keepOnly(Collection<ConsumerGroup> groups) {
    oldest.keySet().retainAll(groups);
  }
}
