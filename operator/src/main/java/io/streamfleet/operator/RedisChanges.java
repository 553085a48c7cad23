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
 * Reacts to what was observed or done in Redis: triggers a reconcile when the status would change,
 * and writes Events.
 */
final class RedisChanges implements RedisObservatory.Audience {

  /** Limits the length: the message of an Event has at most 1,024 characters. */
  private static final int CONSUMERS_NAMED = 8;

  private final EventWriter events;
  private final Consumer<FleetId> reconcile;
  private final WrittenNumbers written;

  /**
   * @param written what the statuses of the resources say
   * @param reconcile triggers a reconcile of a resource
   */
  RedisChanges(EventWriter events, WrittenNumbers written, Consumer<FleetId> reconcile) {
    this.events = events;
    this.written = written;
    this.reconcile = reconcile;
  }

  @Override
  public void seen(Fleet fleet, RedisObservation before, RedisObservation now) {
    LossDetection.of(fleet, before, now).forEach(loss -> events.tell(resource(fleet), loss));
    if (written.isNews(fleet.id(), before, now)) {
      reconcile.accept(fleet.id());
    }
  }

  @Override
  public void forgotten(FleetId id) {
    written.forget(id);
  }

  @Override
  public void created(Fleet fleet, ConsumerGroup group) {
    String stream =
        fleet.partitioned().stream()
            .filter(it -> it.groups().contains(group))
            .map(it -> "each partition of stream " + it.whole().stream())
            .findFirst()
            .orElse("stream " + group.stream());
    events.tell(
        resource(fleet),
        ResourceEvent.normal(
            Reason.GroupCreated,
            "created consumer group %s of %s".formatted(group.group(), stream)));
  }

  /** One Event for all consumers at a time: the loss of a node takes many pods with it. */
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
            "entries pending in %s for %s, whose %s gone, can be claimed now"
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
