package io.streamfleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  private static Throwable said(String message) {
    return new CompletionException(new ExecutionException(new IllegalStateException(message)));
  }

  @Test
  void theCauseIsFoundInWhatFuturesWrapAroundIt() {
    assertThat(Failures.cause(said("x"))).isInstanceOf(IllegalStateException.class);
    assertThat(Failures.line(said("x"))).isEqualTo("IllegalStateException: x");
    assertThat(Failures.cause(new CompletionException("alone", null))).hasMessage("alone");
  }

  @Test
  void whatRedisSaidNeedsNoNameOfAClass() {
    assertThat(Failures.line(new RedisCommandExecutionException("NOPERM no")))
        .isEqualTo("NOPERM no");
    assertThat(Failures.line(new ExecutionException(new TimeoutException())))
        .isEqualTo("no answer in time");
    assertThat(Failures.line(new IllegalStateException())).isEqualTo("IllegalStateException");
  }

  @Test
  void aReadWhoseWaitIsEndedHasNotLostItsGroup() {
    assertThat(Failures.isNoGroup(said("UNBLOCKED client unblocked via CLIENT UNBLOCK"))).isFalse();
    assertThat(
            Failures.isNoGroup(
                said(
                    "UNBLOCKED force unblock from blocking operation, instance state changed"
                        + " (master -> replica?)")))
        .isFalse();
  }

  @Test
  void repliesAreToldApartByTheirCode() {
    assertThat(Failures.isNoGroup(said("NOGROUP No such key"))).isTrue();
    assertThat(Failures.isNoGroup(said("UNBLOCKED the stream key no longer exists"))).isTrue();
    assertThat(Failures.isBusyGroup(said("BUSYGROUP already exists"))).isTrue();
    assertThat(Failures.isNoKey(said("ERR no such key"))).isTrue();
    assertThat(Failures.isNoGroup(said("ERR"))).isFalse();
    assertThat(Failures.isWrongType(said("WRONGTYPE Operation against a key"))).isTrue();
    assertThat(Failures.isRefusal(said("WRONGTYPE"))).as("none of Redis' own").isFalse();
    assertThat(Failures.isNoGroup(new IllegalStateException())).isFalse();
  }

  /** As Redis 7.0 says it, and later ones and Valkey; commands and channels are no keys. */
  @Test
  void whatIsRefusedForAKeyIsToldFromWhatIsRefusedAltogether() {
    assertThat(
            List.of(
                "NOPERM this user has no permissions to access one of the keys used as arguments",
                "NOPERM No permissions to access a key",
                "CROSSSLOT Keys in request don't hash to the same slot",
                "TRYAGAIN Multiple keys request during rehashing of slot"))
        .allMatch(message -> Failures.isOfKeys(said(message)));
    assertThat(
            List.of(
                "NOPERM this user has no permissions to run the 'evalsha' command",
                "NOPERM User a-keys has no permissions to run the 'evalsha' command",
                "NOPERM No permissions to access a channel",
                "OOM command not allowed when used memory > 'maxmemory'",
                "READONLY You can't write against a read only replica"))
        .noneMatch(message -> Failures.isOfKeys(said(message)));
  }
}
