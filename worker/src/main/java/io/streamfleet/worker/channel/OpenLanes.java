package io.streamfleet.worker.channel;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that there are, by what their entries have in common and by the keys of their locks.
 * Belongs to the pipeline's loop.
 */
final class OpenLanes {

  private final Map<String, Lane> byGroup = new HashMap<>();
  private final Map<String, Lane> byKey = new HashMap<>();

  void add(Lane lane) {
    byGroup.put(lane.group, lane);
    byKey.put(lane.key, lane);
  }

  void remove(Lane lane) {
    byGroup.remove(lane.group, lane);
    byKey.remove(lane.key, lane);
  }

  /** The lane of entries that take one lock. */
  @Nullable Lane ofGroup(String group) {
    return byGroup.get(group);
  }

  /** The lane whose lock has that key, if it is open still. */
  @Nullable Lane ofKey(String key) {
    return byKey.get(key);
  }

  Collection<Lane> all() {
    return byGroup.values();
  }

  /** May be asked from anywhere, and is then about right. */
  int size() {
    return byGroup.size();
  }
}
