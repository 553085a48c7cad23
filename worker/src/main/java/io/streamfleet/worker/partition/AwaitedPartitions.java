package io.streamfleet.worker.partition;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Since when partitions are assigned to this worker that it has not got. Belongs to the loop. */
final class AwaitedPartitions {

  private final LongSupplier now;
  private final Map<Integer, Long> since = new HashMap<>();
  private volatile @Nullable Long first;

  AwaitedPartitions(LongSupplier now) {
    this.now = now;
  }

  /** These are, and no others. */
  void are(Collection<Integer> partitions) {
    since.keySet().retainAll(partitions);
    partitions.forEach(partition -> since.putIfAbsent(partition, now.getAsLong()));
    first = since.values().stream().min(Comparator.naturalOrder()).orElse(null);
  }

  /** For how many nanoseconds it has been so for the one that waits longest. From anywhere. */
  long longest() {
    Long begun = first;
    return begun == null ? 0 : Math.max(0, now.getAsLong() - begun);
  }
}
