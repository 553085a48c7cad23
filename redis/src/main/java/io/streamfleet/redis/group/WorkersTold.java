package io.streamfleet.redis.group;

import java.util.Map;

/**
 * What the workers of a fleet report about themselves.
 *
 * @param settings the settings that they run with
 * @param unavailable by the name of a loop, such as {@code inbound}: how many workers have an open
 *     breaker for it; loops without any are absent
 */
public record WorkersTold(SettingsSpread settings, Map<String, Long> unavailable) {

  public WorkersTold {
    unavailable = Map.copyOf(unavailable);
  }
}
