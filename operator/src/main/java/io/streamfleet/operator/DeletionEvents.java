package io.streamfleet.operator;

import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.event.EventWriter;
import io.streamfleet.operator.event.ResourceEvent;
import io.streamfleet.operator.event.ResourceEvent.Reason;
import io.streamfleet.redis.group.ConsumerGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes Events that say which groups were deleted with a resource and which were kept, and why.
 */
final class DeletionEvents {

  /** Limits the length: the message of an Event has at most 1,024 characters. */
  private static final int GROUPS_NAMED = 8;

  private static final String BY_HAND = "Delete them with XGROUP DESTROY if they are not needed";

  private final EventWriter events;

  DeletionEvents(EventWriter events) {
    this.events = events;
  }

  /** Only the status still names the resource's groups. */
  void specUnreadable(StreamConsumerGroup resource) {
    keep(resource, groupsInStatus(resource), "the spec can't be read. " + BY_HAND);
  }

  void tell(StreamConsumerGroup resource, GroupDeletion.Result result) {
    if (!result.deleted().isEmpty()) {
      events.tell(
          resource,
          ResourceEvent.normal(
              Reason.GroupsDeleted, "deleted: " + named(result.deleted()) + ". Streams stay"));
    }
    byReason(result.kept())
        .forEach(
            (why, kept) ->
                keep(resource, named(kept), why + ". Whoever uses it last may delete it"));
    byReason(result.unsettled())
        .forEach((why, kept) -> keep(resource, named(kept), why + ". " + BY_HAND));
  }

  /** One Event for each reason: a resource may have a hundred groups. */
  private static Map<String, List<ConsumerGroup>> byReason(Map<ConsumerGroup, String> kept) {
    Map<String, List<ConsumerGroup>> reasons = new LinkedHashMap<>();
    kept.forEach(
        (group, why) -> reasons.computeIfAbsent(why, each -> new ArrayList<>()).add(group));
    return reasons;
  }

  private static String named(List<ConsumerGroup> groups) {
    String named =
        groups.stream()
            .limit(GROUPS_NAMED)
            .map(group -> "%s of stream %s".formatted(group.group(), group.stream()))
            .collect(Collectors.joining(", "));
    int more = groups.size() - GROUPS_NAMED;
    return (groups.size() == 1 ? "consumer group " : "consumer groups ")
        + named
        + (more > 0 ? " and %d more".formatted(more) : "");
  }

  private void keep(StreamConsumerGroup resource, String groups, String why) {
    events.tell(
        resource, ResourceEvent.warning(Reason.GroupsKept, "not deleted: " + groups + ": " + why));
  }

  /** The groups in the last status, because an unreadable spec names none. */
  private static String groupsInStatus(StreamConsumerGroup resource) {
    StreamConsumerGroupStatus status = resource.getStatus();
    return status == null || status.streams().isEmpty()
        ? "the consumer groups of this resource"
        : named(
            status.streams().stream()
                .map(it -> new ConsumerGroup(it.stream(), it.group()))
                .toList());
  }
}
