package io.streamfleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
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
  void nobodyHasToKnowTheClassesOfTheClientAndOfTheNetwork() {
    assertThat(Failures.line(new RedisConnectionException("ERR max number of clients reached")))
        .isEqualTo("ERR max number of clients reached");
    assertThat(
            Failures.line(
                new RedisConnectionException(
                    "Unable to connect", new ConnectException("Connection refused: h/1.2.3.4:1"))))
        .isEqualTo("Connection refused: h/1.2.3.4:1");
    assertThat(Failures.line(new RedisException(new UnknownHostException("h"))))
        .isEqualTo("the name of the host is not known: h");
    assertThat(Failures.line(new RedisException(new ClosedChannelException())))
        .isEqualTo("the connection was closed");
    assertThat(
            Failures.line(
                new DecoderException(new NotSslRecordException("not an SSL/TLS record: 2d45"))))
        .isEqualTo("the server does not speak TLS at this port");
    assertThat(Failures.line(new CertPathBuilderException("no path")))
        .isEqualTo(
            "the certificate of the server is not from an authority that is trusted: no path");
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
