package io.streamfleet.torture.evidence;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The content of Redis after the end of a run.
 *
 * @param pending unacknowledged entries and their consumers
 * @param undelivered entries that were not read
 * @param consumers names left in the groups, by stream
 * @param keys keys that should not be there
 */
public record Remains(
    Map<EntryKey, String> pending,
    Set<EntryKey> undelivered,
    Map<String, List<String>> consumers,
    List<String> keys) {

  public static final Remains NOTHING = new Remains(Map.of(), Set.of(), Map.of(), List.of());
}
