package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.LogVolume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** No fault makes a worker flood its log. */
final class LittleSaid implements Promise {

  private static final String PROMISE = "log";

  private static final int SECONDS = 10;

  /** Within these seconds; a worker under torture was seen to write twenty. */
  private static final int MAX_LINES = 60;

  @Override
  public List<Violation> broken(Evidence evidence) {
    List<Violation> broken = new ArrayList<>();
    evidence.logVolumes().stream()
        .collect(
            Collectors.groupingBy(
                LogVolume::worker,
                TreeMap::new,
                Collectors.groupingBy(
                    LogVolume::second, TreeMap::new, Collectors.summingInt(LogVolume::lines))))
        .forEach((worker, lines) -> check(worker, lines, broken));
    return broken;
  }

  /** Reports only the first time for each worker. */
  private static void check(String worker, SortedMap<Long, Integer> lines, List<Violation> broken) {
    for (long from : lines.keySet()) {
      Map<Long, Integer> window = lines.subMap(from, from + SECONDS);
      int count = window.values().stream().mapToInt(Integer::intValue).sum();
      if (count > MAX_LINES) {
        broken.add(
            new Violation(
                PROMISE,
                null,
                "%s wrote %d lines within %d s from %d s on"
                    .formatted(worker, count, SECONDS, from)));
        return;
      }
    }
  }
}
