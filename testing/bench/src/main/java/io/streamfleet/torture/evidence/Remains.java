package io.streamfleet.torture.evidence;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Redis held when all was over.
 *
 * @param pending entries that nobody acknowledged, with whom they are pending for
 * @param undelivered entries that nobody read
 * @param consumers names that are left in the groups, by the stream
 * @param keys keys that should not be there
 */
public record Remains(
    Map<EntryKey, String> pending,
    Set<EntryKey> undelivered,
    Map<String, List<String>> consumers,
    List<String> keys) {

  public static final Remains NOTHING = new Remains(Map.of(), Set.of(), Map.of(), List.of());
}
