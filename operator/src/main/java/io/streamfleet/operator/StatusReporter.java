package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.event.EventWriter;
import io.streamfleet.operator.event.ResourceEvent;
import io.streamfleet.operator.event.ResourceEvent.Reason;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.operator.resource.ServedSpec;
import io.streamfleet.operator.status.ConditionType;
import io.streamfleet.operator.status.Observed;
import io.streamfleet.operator.status.StatusReport;
import io.streamfleet.operator.status.WrittenNumbers;
import io.streamfleet.redis.group.ConsumerGroup;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reports the state of resources in status, Events and metrics. Thread-safe. */
final class StatusReporter {

  private final StatusReport reports;
  private final EventWriter events;
  private final OperatorMetrics metrics;
  private final WrittenNumbers written;

  /** The status that was written last. The cached resource may still have the one before. */
  private final ConcurrentMap<FleetId, StreamConsumerGroupStatus> lastStatus =
      new ConcurrentHashMap<>();

  StatusReporter(EventWriter events, OperatorMetrics metrics, Clock clock, WrittenNumbers written) {
    this.reports = new StatusReport(clock);
    this.events = events;
    this.metrics = metrics;
    this.written = written;
  }

  /**
   * Writes Events about side effects of a changed spec, once for each generation.
   *
   * @param running the spec that the workers ran with before the change
   */
  void change(StreamConsumerGroup resource, Fleet fleet, Supplier<Optional<Fleet>> running) {
    StreamConsumerGroupStatus before = resource.getStatus();
    Long seen = before == null ? null : before.observedGeneration();
    if (seen != null && seen == fleet.generation()) {
      return;
    }
    ServedSpec.unknownFields(resource)
        .map(
            fields ->
                ResourceEvent.warning(
                    Reason.UnknownFields,
                    fields
                        + ": not known to this operator, which leaves it out; a newer one is"
                        + " needed"))
        .ifPresent(announcement -> events.tell(resource, announcement));
    running.get().stream()
        .flatMap(old -> left(old, fleet))
        .forEach(announcement -> events.tell(resource, announcement));
  }

  /** Groups that are no longer read by this resource. */
  private static Stream<ResourceEvent> left(Fleet old, Fleet now) {
    Set<ConsumerGroup> read =
        now.groups().stream().map(DeclaredGroup::group).collect(Collectors.toSet());
    return old.groups().stream()
        .map(DeclaredGroup::group)
        .filter(group -> !read.contains(group))
        .map(
            group ->
                ResourceEvent.warning(
                    Reason.GroupLeft,
                    ("consumer group %s of stream %s is not read any more: what is pending in it,"
                            + " or not delivered, stays there. Name it again to have it handled, or"
                            + " delete it with XGROUP DESTROY")
                        .formatted(group.group(), group.stream())));
  }

  /** The status of a resource with a valid spec. */
  StreamConsumerGroupStatus of(StreamConsumerGroup resource, Fleet fleet, Observed observed) {
    FleetId id = fleet.id();
    StreamConsumerGroupStatus status =
        reports.of(fleet, observed, last(resource), written.isOld(id));
    written.reported(id, status, observed.redis());
    showWanted(fleet, observed);
    return status;
  }

  private void showWanted(Fleet fleet, Observed observed) {
    metrics.workersWanted(
        fleet.namespace(), fleet.name(), StatusReport.wanted(fleet, observed.workers()));
  }

  /** The status of a resource with an invalid spec and no running workers. */
  StreamConsumerGroupStatus invalid(StreamConsumerGroup resource, List<String> problems) {
    FleetId id = FleetId.of(resource);
    metrics.workersWantedUnknown(id.namespace(), id.name());
    Long generation = resource.getMetadata().getGeneration();
    return reports.invalid(generation == null ? 0 : generation, problems, last(resource));
  }

  /** The status of a resource with an invalid spec whose workers run with the last valid one. */
  StreamConsumerGroupStatus invalid(
      StreamConsumerGroup resource, Fleet running, Observed observed, List<String> problems) {
    FleetId id = running.id();
    StreamConsumerGroupStatus status =
        reports.invalid(running, observed, problems, last(resource), written.isOld(id));
    written.reported(id, status, observed.redis());
    showWanted(running, observed);
    return status;
  }

  /** The last written status, which the given resource may not have yet. */
  private @Nullable StreamConsumerGroupStatus last(StreamConsumerGroup resource) {
    StreamConsumerGroupStatus last = lastStatus.get(FleetId.of(resource));
    return last == null ? resource.getStatus() : last;
  }

  /**
   * Writes the status if it changed, and Events about the change. A reconcile that follows soon may
   * be given the resource without the last written status. A new status that equals the stale one
   * is then a change all the same.
   */
  UpdateControl<StreamConsumerGroup> write(
      StreamConsumerGroup resource, StreamConsumerGroupStatus status) {
    FleetId id = FleetId.of(resource);
    StreamConsumerGroupStatus shown = resource.getStatus();
    StreamConsumerGroupStatus last = lastStatus.getOrDefault(id, shown);
    String namespace = resource.getMetadata().getNamespace();
    String name = resource.getMetadata().getName();
    metrics.ready(
        namespace,
        name,
        is(status, ConditionType.Ready, "True"),
        Objects.requireNonNullElse(status.readyReplicas(), 0));
    StatusEvents.of(last, status).forEach(announcement -> events.tell(resource, announcement));
    if (status.equals(shown) && status.equals(last)) {
      return UpdateControl.noUpdate();
    }
    lastStatus.put(id, status);
    StreamConsumerGroup patch = new StreamConsumerGroup();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(resource.getMetadata().getName())
            .withNamespace(resource.getMetadata().getNamespace())
            .build());
    patch.setStatus(status);
    return UpdateControl.patchStatus(patch);
  }

  private static boolean is(
      StreamConsumerGroupStatus status, ConditionType type, String conditionStatus) {
    return status.conditions().stream()
        .anyMatch(
            condition ->
                condition.type().equals(type.name()) && condition.status().equals(conditionStatus));
  }

  /** Called when the resource is gone. */
  void forget(FleetId id) {
    written.forget(id);
    lastStatus.remove(id);
    metrics.forget(id.namespace(), id.name());
  }
}
