package io.streamfleet.operator.status;

/**
 * How it stands with one aspect.
 *
 * @param reason one word for machines
 * @param message a sentence for people; what to do, where there is something to do
 */
record Verdict(Status status, String reason, String message) {

  /** As Kubernetes writes it. */
  enum Status {
    True,
    False,
    Unknown
  }

  static Verdict yes(String reason, String message) {
    return new Verdict(Status.True, reason, message);
  }

  static Verdict no(String reason, String message) {
    return new Verdict(Status.False, reason, message);
  }

  static Verdict unknown(String reason, String message) {
    return new Verdict(Status.Unknown, reason, message);
  }

  boolean isTrue() {
    return status == Status.True;
  }
}
