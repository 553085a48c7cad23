package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.LogVolume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whatever happens to a worker, it does not fill its log with it. */
final class LittleSaid implements Promise {

  private static final String PROMISE = "log";

  private static final int SECONDS = 10;

  /** In those seconds; a worker under torture was seen to need twenty. */
  private static final int LINES = 60;

  @Override
  public List<Violation> broken(Evidence evidence) {
    List<Violation> broken = new ArrayList<>();
    evidence.talks().stream()
        .collect(
            Collectors.groupingBy(
                LogVolume::worker,
                TreeMap::new,
                Collectors.groupingBy(
                    LogVolume::second, TreeMap::new, Collectors.summingInt(LogVolume::lines))))
        .forEach((worker, lines) -> check(worker, lines, broken));
    return broken;
  }

  /** Tells of the first time for each worker: the rest is more of the same. */
  private static void check(String worker, SortedMap<Long, Integer> lines, List<Violation> broken) {
    for (long from : lines.keySet()) {
      Map<Long, Integer> window = lines.subMap(from, from + SECONDS);
      int count = window.values().stream().mapToInt(Integer::intValue).sum();
      if (count > LINES) {
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
