package io.streamfleet.operator;

import static io.streamfleet.operator.event.ResourceEvent.warning;

import io.streamfleet.operator.event.ResourceEvent;
import io.streamfleet.operator.event.ResourceEvent.Reason;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedGroup;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Detects losses, present or imminent, that the previous observation did not have. Pure. */
final class LossDetection {

  /** Percent of the maximum length: leaves time to act. */
  private static final long NEAR_LIMIT_PERCENT = 80;

  private LossDetection() {}

  static List<ResourceEvent> of(Fleet fleet, RedisObservation before, RedisObservation now) {
    Set<ConsumerGroup> known = new HashSet<>(trimmed(before).toList());
    Stream<ResourceEvent> trimmed =
        trimmed(now)
            .filter(group -> !known.contains(group))
            .map(
                group ->
                    warning(
                        Reason.UnreadTrimmed,
                        ("entries of stream %s were trimmed away before consumer group %s read"
                                + " them: raise the limit at which it is trimmed")
                            .formatted(group.stream(), group.group())));
    long limit = fleet.spec().deadLetter().maxLength();
    boolean becameNear = isNear(limit, now) && !isNear(limit, before);
    return Stream.concat(
            trimmed,
            Stream.of(
                    warning(
                        Reason.DeadLettersNearLimit,
                        ("stream %s has more than %d %% of the %d dead letters that"
                                + " deadLetter.maxLength keeps; beyond it the oldest are trimmed")
                            .formatted(
                                fleet.spec().deadLetter().stream(), NEAR_LIMIT_PERCENT, limit)))
                .filter(letters -> becameNear))
        .toList();
  }

  private static Stream<ConsumerGroup> trimmed(RedisObservation observation) {
    return observation instanceof RedisObservation.Seen seen
        ? seen.groups().stream()
            .filter(group -> group.trimmed().orElse(0) > 0)
            .map(ObservedGroup::group)
        : Stream.empty();
  }

  private static boolean isNear(long limit, RedisObservation observation) {
    return limit > 0
        && observation instanceof RedisObservation.Seen seen
        && seen.deadLetters().orElse(0) > limit * NEAR_LIMIT_PERCENT / 100;
  }
}
