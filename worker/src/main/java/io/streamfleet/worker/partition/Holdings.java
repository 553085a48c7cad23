package io.streamfleet.worker.partition;

import io.streamfleet.worker.partition.Holding.Phase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The leases that were granted to this worker, by partition. Belongs to the loop. */
final class Holdings {

  private final Map<Integer, Holding> all = new TreeMap<>();

  void put(int partition, Holding holding) {
    all.put(partition, holding);
  }

  @Nullable Holding get(int partition) {
    return all.get(partition);
  }

  boolean has(int partition) {
    return all.containsKey(partition);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Whether this is still the holding of a partition, and not an earlier one. */
  @SuppressWarnings("ReferenceEquality") // holdings are compared by identity
  boolean isCurrent(int partition, Holding holding) {
    return all.get(partition) == holding;
  }

  /** Removes a holding, unless there is a later one. */
  void remove(int partition, Holding holding) {
    if (isCurrent(partition, holding)) {
      all.remove(partition);
    }
  }

  /** The holdings in a phase; a copy. */
  Map<Integer, Holding> in(Phase phase) {
    return matching(holding -> holding.is(phase));
  }

  /** The holdings that match a condition; a copy. */
  Map<Integer, Holding> matching(Predicate<Holding> wanted) {
    Map<Integer, Holding> matching = new LinkedHashMap<>();
    all.forEach(
        (partition, holding) -> {
          if (wanted.test(holding)) {
            matching.put(partition, holding);
          }
        });
    return matching;
  }
}
