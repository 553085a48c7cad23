package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.consumer.ReleasedEntries;
import io.streamfleet.operator.event.Counted;
import io.streamfleet.operator.event.EventWriter;
import io.streamfleet.operator.event.ResourceEvent;
import io.streamfleet.operator.event.ResourceEvent.Reason;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.redis.RedisObservatory;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.operator.status.WrittenNumbers;
import io.streamfleet.redis.group.ConsumerGroup;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What is seen and done in Redis, as far as it matters: a resource is looked at again when somebody
 * would act on the difference, and people are told of what was done for them.
 */
final class RedisChanges implements RedisObservatory.Audience {

  /** An Event has room for a thousand characters. */
  private static final int CONSUMERS_NAMED = 8;

  private final EventWriter events;
  private final Consumer<FleetId> lookAgain;
  private final WrittenNumbers told;

  /**
   * @param told what resources tell by now
   * @param lookAgain has a resource reconciled soon
   */
  RedisChanges(EventWriter events, WrittenNumbers told, Consumer<FleetId> lookAgain) {
    this.events = events;
    this.told = told;
    this.lookAgain = lookAgain;
  }

  @Override
  public void seen(Fleet fleet, RedisObservation before, RedisObservation now) {
    LossDetection.of(fleet, before, now).forEach(loss -> events.tell(resource(fleet), loss));
    if (told.isNews(fleet.id(), before, now)) {
      lookAgain.accept(fleet.id());
    }
  }

  @Override
  public void forgotten(FleetId id) {
    told.forget(id);
  }

  @Override
  public void created(Fleet fleet, ConsumerGroup group) {
    events.tell(
        resource(fleet),
        ResourceEvent.normal(
            Reason.GroupCreated,
            "created consumer group %s of stream %s".formatted(group.group(), group.stream())));
  }

  /** One Event for all that went at a time: a node that is lost takes many pods with it. */
  void handedOver(Fleet fleet, List<ReleasedEntries> handedOver) {
    Map<String, Long> byConsumer = new TreeMap<>();
    handedOver.forEach(it -> byConsumer.merge(it.consumer(), it.entries(), Long::sum));
    List<String> streams =
        handedOver.stream().map(it -> it.group().stream()).distinct().sorted().toList();
    String where =
        streams.size() == 1
            ? "stream " + streams.getFirst()
            : "%d streams".formatted(streams.size());
    boolean one = byConsumer.size() == 1;
    events.tell(
        resource(fleet),
        ResourceEvent.normal(
            Reason.ConsumerHandedOver,
            "what was pending in %s for %s, whose %s gone, is claimable now"
                .formatted(where, named(byConsumer), one ? "pod is" : "pods are")));
  }

  private static String named(Map<String, Long> byConsumer) {
    String named =
        byConsumer.entrySet().stream()
            .limit(CONSUMERS_NAMED)
            .map(it -> it.getKey() + " (" + Counted.of(it.getValue(), "entry", "entries") + ")")
            .collect(Collectors.joining(", "));
    int more = byConsumer.size() - CONSUMERS_NAMED;
    return more > 0 ? named + " and %d more".formatted(more) : named;
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
