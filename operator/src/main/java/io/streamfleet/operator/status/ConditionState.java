package io.streamfleet.operator.status;

/**
 * The state of one condition.
 *
 * @param reason one word for machines
 * @param message a sentence for users, with what to do, if anything
 */
record ConditionState(Status status, String reason, String message) {

  /** As Kubernetes writes it. */
  enum Status {
    True,
    False,
    Unknown
  }

  static ConditionState yes(String reason, String message) {
    return new ConditionState(Status.True, reason, message);
  }

  static ConditionState no(String reason, String message) {
    return new ConditionState(Status.False, reason, message);
  }

  static ConditionState unknown(String reason, String message) {
    return new ConditionState(Status.Unknown, reason, message);
  }

  boolean isTrue() {
    return status == Status.True;
  }
}
