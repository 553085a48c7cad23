package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.event.Announcement;
import io.streamfleet.operator.event.Announcement.Reason;
import io.streamfleet.operator.event.Announcer;
import io.streamfleet.operator.redis.RedisObservatory;
import io.streamfleet.operator.redis.RedisSight;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.operator.status.Significance;
import io.streamfleet.redis.group.ConsumerGroup;
import java.util.function.Consumer;

/**
 * What is seen and done in Redis, as far as it matters: a resource is looked at again when somebody
 * would act on the difference, and people are told of what was done for them.
 */
final class RedisNews implements RedisObservatory.Audience {

  private final Announcer announcer;
  private final Consumer<FleetId> lookAgain;

  /**
   * @param lookAgain has a resource reconciled soon
   */
  RedisNews(Announcer announcer, Consumer<FleetId> lookAgain) {
    this.announcer = announcer;
    this.lookAgain = lookAgain;
  }

  @Override
  public void seen(Fleet fleet, RedisSight before, RedisSight now) {
    if (Significance.differ(before, now)) {
      lookAgain.accept(fleet.id());
    }
  }

  @Override
  public void created(Fleet fleet, ConsumerGroup group) {
    announcer.tell(
        resource(fleet),
        Announcement.normal(
            Reason.GroupCreated,
            "created consumer group %s of stream %s".formatted(group.group(), group.stream())));
  }

  void handedOver(Fleet fleet, ConsumerGroup group, String consumer, long entries) {
    announcer.tell(
        resource(fleet),
        Announcement.normal(
            Reason.ConsumerHandedOver,
            "%d entries of stream %s were pending for %s, whose pod is gone, and are made claimable"
                .formatted(entries, group.stream(), consumer)));
  }

  private static StreamConsumerGroup resource(Fleet fleet) {
    StreamConsumerGroup resource = new StreamConsumerGroup();
    resource.setMetadata(
        new ObjectMetaBuilder()
            .withName(fleet.name())
            .withNamespace(fleet.namespace())
            .withUid(fleet.uid())
            .build());
    return resource;
  }
}
