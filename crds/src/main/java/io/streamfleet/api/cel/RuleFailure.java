package io.streamfleet.api.cel;

/**
 * A rule cannot be evaluated for a value; to Kubernetes such a value is as invalid as any other.
 */
public final class RuleFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  RuleFailure(String message) {
    super(message);
  }
}
