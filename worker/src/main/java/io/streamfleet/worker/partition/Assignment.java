package io.streamfleet.worker.partition;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The assignment of partitions to workers. Each worker computes it from the names of all workers;
 * the same names give the same assignment everywhere. It uses rendezvous hashing with a bound on
 * the load: each pair of a partition and a worker has a weight, and pairs are assigned from the
 * heaviest on, if the partition has no worker and the worker has room. So when a worker joins or
 * leaves, hardly any other partitions move than those that it gets or had.
 */
public final class Assignment {

  /** No worker gets more than so many times the mean, except by rounding up the mean. */
  private static final double MOST = 1.25;

  /**
   * The room of a worker as a multiple of the mean, plus a fraction of one partition that depends
   * on its name. With the same room for all, it would shrink for all at once as workers join, and
   * move partitions that the new worker does not get.
   */
  private static final double ROOM = 1.2;

  private Assignment() {}

  /**
   * Computes the worker of each partition.
   *
   * @param partitions the number of partitions
   * @param workers the names of all workers, in any order
   * @return the worker of each partition; empty if there are no workers
   */
  public static List<String> of(int partitions, Collection<String> workers) {
    String[] names = workers.stream().distinct().sorted().toArray(String[]::new);
    if (names.length == 0) {
      return List.of();
    }
    long[] seeds = Arrays.stream(names).mapToLong(Assignment::hash).toArray();
    int[] room = new int[names.length];
    Arrays.setAll(room, w -> roomOf(seeds[w], (double) partitions / names.length));
    String[] owners = new String[partitions];
    for (long pair : byWeight(partitions, seeds)) {
      int partition = (int) (pair / names.length);
      int worker = (int) (pair % names.length);
      if (owners[partition] == null && room[worker] > 0) {
        owners[partition] = names[worker];
        room[worker]--;
      }
    }
    return List.of(owners);
  }

  private static int roomOf(long seed, double mean) {
    int least = (int) Math.ceil(mean);
    int most = Math.max(least, (int) (MOST * mean));
    double fraction = (mix(seed) >>> 11) * 0x1p-53;
    return Math.clamp((int) (ROOM * mean + fraction), least, most);
  }

  /** All pairs from the heaviest to the lightest, the weight in the high bits of each. */
  private static long[] byWeight(int partitions, long[] seeds) {
    int pairs = Math.multiplyExact(partitions, seeds.length);
    long[] sorted = new long[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      long weight = mix(seeds[pair % seeds.length] + pair / seeds.length) >>> 33;
      sorted[pair] = -(weight << 32) + pair;
    }
    Arrays.sort(sorted);
    for (int i = 0; i < pairs; i++) {
      sorted[i] &= 0xffff_ffffL;
    }
    return sorted;
  }

  /** FNV-1a, finalized by {@link #mix}: the same in every version of Java. */
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /** The finalizer of SplitMix64: each bit of the result depends on all bits. */
  private static long mix(long bits) {
    long mixed = bits + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
