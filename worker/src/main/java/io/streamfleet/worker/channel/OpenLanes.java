package io.streamfleet.worker.channel;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that are not closed, by group and by the key of their lock. Belongs to the pipeline's
 * loop.
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

  /** The lane of a group; null if there is none. */
  @Nullable Lane ofGroup(String group) {
    return byGroup.get(group);
  }

  /** The lane whose lock has that key; null if there is none. */
  @Nullable Lane ofKey(String key) {
    return byKey.get(key);
  }

  Collection<Lane> all() {
    return byGroup.values();
  }

  /** The number of lanes; approximate on other threads. */
  int size() {
    return byGroup.size();
  }
}
