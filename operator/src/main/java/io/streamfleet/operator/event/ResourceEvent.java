package io.streamfleet.operator.event;

/**
 * An Event about a resource.
 *
 * @param message a sentence without values that change often, such as numbers or times: each
 *     different message is a new Event
 */
public record ResourceEvent(Kind kind, Reason reason, String message) {

  /** The types of Kubernetes Events. */
  public enum Kind {
    /** Informational. */
    Normal,
    /** Somebody may have to act. */
    Warning
  }

  /** The reasons, for machines. {@code docs/operations.md} explains each. */
  public enum Reason {
    InvalidSpec,
    UnknownFields,
    ApplyFailed,
    ReferenceMissing,
    RedisUnreachable,
    RedisRefusesWrites,
    RedisReachable,
    GroupCreated,
    GroupLeft,
    UnreadTrimmed,
    DeadLettersNearLimit,
    ConsumerHandedOver,
    AutoscalingUnavailable,
    MonitoringUnavailable,
    SettingsRefused,
    HandlersUnavailable,
    HandlersAvailable,
    PartitionsWithoutOwner,
    PartitionsOtherCount,
    PartitionsOwned,
    IntakePaused,
    IntakeResumed,
    Paused,
    Resumed,
    GroupsDeleted,
    GroupsKept;

    /** The topic of the reason: a newer Event of the same topic supersedes the older one. */
    String topic() {
      return switch (this) {
        case RedisUnreachable, RedisRefusesWrites, RedisReachable -> "redis";
        case HandlersUnavailable, HandlersAvailable -> "handlers";
        case PartitionsWithoutOwner, PartitionsOtherCount, PartitionsOwned -> "partitions";
        case Paused, Resumed -> "pause";
        case IntakePaused, IntakeResumed -> "intake";
        default -> name();
      };
    }
  }

  public static ResourceEvent normal(Reason reason, String message) {
    return new ResourceEvent(Kind.Normal, reason, message);
  }

  public static ResourceEvent warning(Reason reason, String message) {
    return new ResourceEvent(Kind.Warning, reason, message);
  }
}
