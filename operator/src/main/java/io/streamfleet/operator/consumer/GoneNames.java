package io.streamfleet.operator.consumer;

import io.streamfleet.api.ConsumerCleanup;
import io.streamfleet.api.ConsumersSpec;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.group.ObservedConsumer;
import java.time.Duration;
import java.util.Set;

/**
 * Which consumer names nobody uses any more. Pure.
 *
 * <p>A name that belongs to no pod of ours is left alone, unless the resource says otherwise: other
 * systems may share the group.
 *
 * @param living the names of the pods that are there
 */
record GoneNames(Fleet fleet, Set<String> living) {

  GoneNames {
    living = Set.copyOf(living);
  }

  boolean isGone(ObservedConsumer consumer) {
    return !living.contains(consumer.name()) && (isOurs(consumer) || isIdle(consumer));
  }

  /** Whether this resource has a say about what is pending under a name. */
  boolean isOurs(ObservedConsumer consumer) {
    return fleet.names().isWorkerPod(consumer.name());
  }

  private boolean isIdle(ObservedConsumer consumer) {
    ConsumersSpec spec = fleet.spec().consumers();
    return spec.cleanup() == ConsumerCleanup.Idle
        && consumer.pending() == 0
        && consumer.idle().filter(idle -> idle.compareTo(spec.idleFor()) > 0).isPresent();
  }

  /**
   * How long a living worker is silent at the most: it reads, and asks again after its block time;
   * when it has no room to read, it still renews what it has in flight each third of {@code
   * minIdle}. Twice that, so that one slow answer of Redis does not count.
   */
  Duration longestSilence() {
    Duration block = fleet.spec().read().block();
    Duration renewal = fleet.spec().autoclaim().minIdle().dividedBy(3);
    return (block.compareTo(renewal) > 0 ? block : renewal).multipliedBy(2);
  }
}
