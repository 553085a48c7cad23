package io.streamfleet.operator.status;

import io.streamfleet.api.PartitionOwnerStatus;
import io.streamfleet.api.PartitionsStatus;
import io.streamfleet.api.StreamStatus;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.redis.group.ObservedConsumer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether numbers changed so much that somebody would act on it. The numbers of a busy
 * stream change all the time; writing each change would load the API server and every watcher for
 * nothing.
 */
public final class Significance {

  /** A change by a quarter matters to a person, one by a percent does not. */
  private static final int PART = 4;

  /** Below this number, a quarter is a few entries of normal traffic. */
  private static final long FEW = 20;

  /** Ages in seconds at which people get more concerned. */
  private static final long[] AGES = {60, 300, 900, 3_600, 21_600, 86_400};

  private Significance() {}

  /** Whether the new numbers are worth a write. */
  static boolean differ(Numbers old, Numbers fresh) {
    return differ(old.pending(), fresh.pending())
        || differ(old.lag(), fresh.lag())
        || !Objects.equals(old.deadLetters(), fresh.deadLetters())
        || differ(old.streams(), fresh.streams())
        || partitionsDiffer(old.partitions(), fresh.partitions());
  }

  /** Whether a new observation of Redis is worth a reconcile. */
  public static boolean differ(RedisObservation old, RedisObservation fresh) {
    if (old instanceof RedisObservation.Seen was && fresh instanceof RedisObservation.Seen is) {
      return differ(Numbers.of(was), Numbers.of(is))
          || !was.workers().equals(is.workers())
          || !consumers(was).equals(consumers(is))
          || !ConditionRules.redis(was).equals(ConditionRules.redis(is))
          || !ConditionRules.partitions(was).equals(ConditionRules.partitions(is));
    }
    return !old.equals(fresh);
  }

  /** A consumer that comes or goes matters: somebody may have to act. */
  private static Set<String> consumers(RedisObservation.Seen seen) {
    return seen.groups().stream()
        .flatMap(group -> group.consumers().stream().map(ObservedConsumer::name))
        .collect(Collectors.toSet());
  }

  /** From zero to non-zero, from known to unknown, or by a quarter. */
  static boolean differ(@Nullable Long old, @Nullable Long fresh) {
    if (old == null || fresh == null) {
      return !Objects.equals(old, fresh);
    }
    if ((old == 0) != (fresh == 0)) {
      return true;
    }
    long change = Math.abs(old - fresh);
    return change >= FEW && change >= old / PART;
  }

  private static boolean differ(List<StreamStatus> old, List<StreamStatus> fresh) {
    if (old.size() != fresh.size()) {
      return true;
    }
    for (int i = 0; i < old.size(); i++) {
      StreamStatus was = old.get(i);
      StreamStatus is = fresh.get(i);
      if (!was.stream().equals(is.stream())
          || !was.group().equals(is.group())
          || differ(was.pending(), is.pending())
          || differ(was.lag(), is.lag())
          || step(was.oldestPendingDeliveredSeconds())
              != step(is.oldestPendingDeliveredSeconds())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the difference is worth a write: who has what matters, and a lag as that of streams.
   */
  private static boolean partitionsDiffer(
      List<PartitionsStatus> old, List<PartitionsStatus> fresh) {
    if (old.size() != fresh.size()) {
      return true;
    }
    return IntStream.range(0, old.size()).anyMatch(it -> differ(old.get(it), fresh.get(it)));
  }

  private static boolean differ(PartitionsStatus was, PartitionsStatus is) {
    return !was.stream().equals(is.stream())
        || !was.group().equals(is.group())
        || was.count() != is.count()
        || was.owned() != is.owned()
        || !was.withoutOwner().equals(is.withoutOwner())
        || !owners(was).equals(owners(is))
        || differ(was.largestLag(), is.largestLag());
  }

  private static Map<String, Integer> owners(PartitionsStatus status) {
    return status.owners().stream()
        .collect(
            Collectors.toMap(
                PartitionOwnerStatus::worker,
                PartitionOwnerStatus::partitions,
                Integer::sum,
                TreeMap::new));
  }

  private static int step(@Nullable Long seconds) {
    if (seconds == null) {
      return 0;
    }
    int step = 0;
    while (step < AGES.length && seconds >= AGES[step]) {
      step++;
    }
    return step;
  }
}
