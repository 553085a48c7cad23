package io.streamfleet.operator.consumer;

import io.streamfleet.api.ConsumerCleanup;
import io.streamfleet.api.ConsumersSpec;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.group.ObservedConsumer;
import java.time.Duration;
import java.util.Set;

/**
 * Decides which consumers are no longer in use. Pure.
 *
 * <p>Consumers that are not named like our pods are left alone, unless the spec says otherwise:
 * other systems may share the group.
 *
 * @param living the names of the existing pods
 */
record GoneNames(Fleet fleet, Set<String> living) {

  GoneNames {
    living = Set.copyOf(living);
  }

  boolean isGone(ObservedConsumer consumer) {
    return !living.contains(consumer.name()) && (isOurs(consumer) || isIdle(consumer));
  }

  /**
   * Whether the consumer is named like a pod of this resource, so that its pending entries may be
   * released.
   */
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
   * The longest time that a running worker may be silent. It reads again after its block time; if
   * it has no room to read, it renews its entries every third of {@code minIdle}. Doubled, so that
   * one slow reply of Redis does not matter.
   */
  Duration longestSilence() {
    Duration block = fleet.spec().read().block();
    Duration renewal = fleet.spec().autoclaim().minIdle().dividedBy(3);
    return (block.compareTo(renewal) > 0 ? block : renewal).multipliedBy(2);
  }
}
