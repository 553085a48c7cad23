package io.streamfleet.api.cel;

/** A rule can't be evaluated for a value; Kubernetes treats such a value as invalid. */
public final class RuleFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  RuleFailure(String message) {
    super(message);
  }
}
