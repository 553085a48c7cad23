package io.streamfleet.operator;

import static io.streamfleet.operator.event.ResourceEvent.normal;
import static io.streamfleet.operator.event.ResourceEvent.warning;

import io.streamfleet.api.Condition;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.event.ResourceEvent;
import io.streamfleet.operator.event.ResourceEvent.Reason;
import io.streamfleet.operator.status.ConditionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides which Events the change from one status to the next is worth. Pure. */
final class StatusEvents {

  private StatusEvents() {}

  static List<ResourceEvent> of(
      @Nullable StreamConsumerGroupStatus before, StreamConsumerGroupStatus now) {
    List<ResourceEvent> events = new ArrayList<>();
    for (Condition condition : now.conditions()) {
      Optional<Condition> old = find(before, condition.type());
      if (!said(old, condition)) {
        announcement(condition, old).ifPresent(events::add);
      }
    }
    if (find(before, ConditionType.IntakePaused.name()).isPresent()
        && find(now, ConditionType.IntakePaused.name()).isEmpty()) {
      events.add(
          normal(Reason.IntakeResumed, "nothing is paused any more: entries are read again"));
    }
    if (find(before, ConditionType.Paused.name()).isPresent()
        && find(now, ConditionType.Paused.name()).isEmpty()) {
      events.add(normal(Reason.Resumed, "spec.paused is false again: differences are corrected"));
    }
    return events;
  }

  private static boolean said(Optional<Condition> old, Condition condition) {
    return old.isPresent()
        && old.get().status().equals(condition.status())
        && Objects.equals(old.get().reason(), condition.reason())
        && Objects.equals(old.get().message(), condition.message());
  }

  private static Optional<ResourceEvent> announcement(
      Condition condition, Optional<Condition> old) {
    boolean bad = condition.status().equals("False");
    String message = Objects.requireNonNullElse(condition.message(), "");
    return switch (ConditionType.valueOf(condition.type())) {
      case Ready ->
          switch (Objects.requireNonNullElse(condition.reason(), "")) {
            case "InvalidSpec" -> Optional.of(warning(Reason.InvalidSpec, message));
            case "ApplyFailed" -> Optional.of(warning(Reason.ApplyFailed, message));
            default -> Optional.empty();
          };
      case RedisReachable -> {
        if (bad) {
          Reason reason =
              "WritesRefused".equals(condition.reason())
                  ? Reason.RedisRefusesWrites
                  : Reason.RedisUnreachable;
          yield Optional.of(warning(reason, message));
        }
        boolean back = old.isPresent() && old.get().status().equals("False");
        yield back && condition.status().equals("True")
            ? Optional.of(normal(Reason.RedisReachable, message))
            : Optional.empty();
      }
      case ReferencesResolved ->
          bad ? Optional.of(warning(Reason.ReferenceMissing, message)) : Optional.empty();
      case AutoscalingAvailable ->
          bad ? Optional.of(warning(Reason.AutoscalingUnavailable, message)) : Optional.empty();
      case MonitoringAvailable ->
          bad ? Optional.of(warning(Reason.MonitoringUnavailable, message)) : Optional.empty();
      case SettingsApplied ->
          "SettingsRefused".equals(condition.reason())
              ? Optional.of(warning(Reason.SettingsRefused, message))
              : Optional.empty();
      case HandlersAvailable -> {
        if (bad) {
          yield Optional.of(warning(Reason.HandlersUnavailable, message));
        }
        boolean back = old.isPresent() && old.get().status().equals("False");
        yield back && condition.status().equals("True")
            ? Optional.of(normal(Reason.HandlersAvailable, message))
            : Optional.empty();
      }
      case PartitionsOwned -> {
        if (bad) {
          Reason reason =
              "OtherCount".equals(condition.reason())
                  ? Reason.PartitionsOtherCount
                  : Reason.PartitionsWithoutOwner;
          yield Optional.of(warning(reason, message));
        }
        boolean back = old.isPresent() && old.get().status().equals("False");
        yield back && condition.status().equals("True")
            ? Optional.of(normal(Reason.PartitionsOwned, message))
            : Optional.empty();
      }
      case IntakePaused -> Optional.of(normal(Reason.IntakePaused, message));
      case Paused -> Optional.of(normal(Reason.Paused, message));
      case WorkersAvailable -> Optional.empty();
    };
  }

  private static Optional<Condition> find(@Nullable StreamConsumerGroupStatus status, String type) {
    return status == null
        ? Optional.empty()
        : status.conditions().stream().filter(it -> it.type().equals(type)).findFirst();
  }
}
