package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Of the entries of a partition: they are ours as long as its lease is. Belongs to the pipeline's
 * loop.
 *
 * @param partition which of them have the lease
 */
record LeaseOwnership(
    EventLoop loop, SettingsInForce settings, StreamEntries entries, LeasedPartition partition)
    implements Ownership {

  /**
   * A lease is renewed within a third of its time as a rule: whoever waits for that looks often.
   */
  private static final Duration LOOK = Duration.ofMillis(50);

  /** Leases are renewed, not entries. */
  @Override
  public void renewAll() {}

  @Override
  public boolean isFresh(Entry entry, long now) {
    return partition.isSure(now) && now - entry.ownedAt() < settings.freshNanos();
  }

  /** The script that settles it finds out. */
  @Override
  public boolean wasOurs(Entry entry, long at) {
    return true;
  }

  /** The wait ends: the lease is renewed, or lost, or given up after a while. */
  @Override
  public void confirm(List<EntryId> ids, Runnable then) {
    long now = loop.now();
    List<Entry> asked = inFlight(ids);
    if (!partition.isHeld()) {
      asked.stream().filter(entry -> !entry.settling()).forEach(entries::lose);
    } else if (partition.isSure(now)) {
      asked.forEach(entry -> entry.owned(now));
    } else if (!asked.isEmpty()) {
      loop.after(LOOK, () -> confirm(ids, then));
      return;
    }
    then.run();
  }

  private List<Entry> inFlight(List<EntryId> ids) {
    List<Entry> found = new ArrayList<>(ids.size());
    for (EntryId id : ids) {
      Entry entry = entries.inFlight(id);
      if (entry != null) {
        found.add(entry);
      }
    }
    return found;
  }

  @Override
  public void claimed(List<EntryId> ids) {
    throw new IllegalStateException("nothing is swept in a partition");
  }
}
