package io.streamfleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
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
  void repliesAreToldApartByTheirCode() {
    assertThat(Failures.isNoGroup(said("NOGROUP No such key"))).isTrue();
    assertThat(Failures.isNoGroup(said("UNBLOCKED the stream key no longer exists"))).isTrue();
    assertThat(Failures.isBusyGroup(said("BUSYGROUP already exists"))).isTrue();
    assertThat(Failures.isNoKey(said("ERR no such key"))).isTrue();
    assertThat(Failures.isNoGroup(said("ERR"))).isFalse();
    assertThat(Failures.isNoGroup(new IllegalStateException())).isFalse();
  }
}
