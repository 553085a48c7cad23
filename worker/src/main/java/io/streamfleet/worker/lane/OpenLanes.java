package io.streamfleet.worker.lane;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that there are, by their channels and by the keys of their locks. Belongs to the
 * pipeline's loop.
 */
final class OpenLanes {

  private final Map<String, Lane> byChannel = new HashMap<>();
  private final Map<String, Lane> byKey = new HashMap<>();

  void add(Lane lane) {
    byChannel.put(lane.channel, lane);
    byKey.put(lane.key, lane);
  }

  void remove(Lane lane) {
    byChannel.remove(lane.channel, lane);
    byKey.remove(lane.key, lane);
  }

  @Nullable Lane ofChannel(String channel) {
    return byChannel.get(channel);
  }

  /** The lane whose lock has that key, if it is open still. */
  @Nullable Lane ofKey(String key) {
    return byKey.get(key);
  }

  Collection<Lane> all() {
    return byChannel.values();
  }

  /** May be asked from anywhere, and is then about right. */
  int size() {
    return byChannel.size();
  }
}
