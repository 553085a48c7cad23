package io.streamfleet.operator.event;

/**
 * Something worth telling about a resource.
 *
 * @param message a sentence; what changes from time to time only (a number, a clock) makes it a new
 *     announcement each time and does not belong in it
 */
public record ResourceEvent(Kind kind, Reason reason, String message) {

  /** As Kubernetes tells Events apart. */
  public enum Kind {
    /** All is as it should be. */
    Normal,
    /** Somebody may have to act. */
    Warning
  }

  /** The reasons, in one word for machines. {@code docs/operations.md} explains each. */
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
    IntakePaused,
    IntakeResumed,
    Paused,
    Resumed,
    GroupsDeleted,
    GroupsKept;

    /** The matter of which it is one word: who says one of them takes the others back. */
    String matter() {
      return switch (this) {
        case RedisUnreachable, RedisRefusesWrites, RedisReachable -> "redis";
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
