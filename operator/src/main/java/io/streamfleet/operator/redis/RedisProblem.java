package io.streamfleet.operator.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.UnusableSecret;
import java.util.regex.Pattern;

/** Explains to users why Redis can't be used, from the failure. */
final class RedisProblem {

  private static final Pattern AUTHENTICATION =
      Pattern.compile("^(NOAUTH|WRONGPASS|NOPERM|ERR (AUTH|invalid password|Client sent AUTH))");

  private RedisProblem() {}

  static RedisObservation.Away of(RedisTarget target, Throwable failure) {
    Throwable root = Failures.root(failure);
    String said = String.valueOf(root.getMessage());
    if (root instanceof UnusableSecret unusable) {
      return new RedisObservation.Away(
          unusable.isMissing()
              ? RedisObservation.Reason.SecretMissing
              : RedisObservation.Reason.SecretUnusable,
          said);
    }
    if (AUTHENTICATION.matcher(said).find()) {
      return new RedisObservation.Away(
          RedisObservation.Reason.AuthenticationFailed,
          "%s does not let the operator in: %s".formatted(target.label(), said));
    }
    if (root instanceof RedisCommandExecutionException) {
      return new RedisObservation.Away(
          RedisObservation.Reason.NotServing,
          "%s answers, but can't serve: %s".formatted(target.label(), said));
    }
    return new RedisObservation.Away(
        RedisObservation.Reason.ConnectionFailed,
        "%s can't be reached: %s".formatted(target.label(), Failures.line(root)));
  }
}
