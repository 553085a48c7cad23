package io.streamfleet.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An address that cannot be read is told without what is secret in it. */
class RedisUrlTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          localhost                           , localhost
          localhost:6379                      , localhost:6379
          http://h:1                          , http://h:1
          REDIS://h:1                         , REDIS://h:1
          redis-socket:///tmp/redis           , redis-socket:///tmp/redis
          redis://                            , redis://
          redis://h:99999                     , redis://h:99999
          redis://h:0                         , redis://h:0
          redis://user:sec ret@h:1            , redis://***@h:1
          redis://user:sec/ret#ret@h:1 2      , redis://***@h:1 2
          redis://user:sec?ret@h:1            , redis://***@h:1
          redis://user:se@cret@h:1/ 0         , redis://***@h:1/ 0
          user:secret@h:1                     , ***@h:1
          user:secret@redis://h:1             , ***@redis://h:1
          redis-sentinel://:secret@h 1#m      , redis-sentinel://***@h 1#m
          redis://h:1?password=secret         , redis://h:1?***
          """)
  void isToldWithoutCredentials(String url, String told) {
    assertThatExceptionOfType(UnreadableUrl.class)
        .isThrownBy(() -> RedisUrl.check(url, false))
        .withMessageStartingWith(told + " cannot be read: write redis://HOST:PORT")
        .withMessageNotContaining("secret")
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://h",
        "redis://h/",
        "redis://my_redis",
        "redis://[::1]:6379/3",
        "redis://user:sec%2Fret@h:1/3",
        "redis://:se%3Fcret@h:1",
        "rediss://h:1",
        "redis-sentinel://a:1,b:2/0#main",
        "rediss-sentinel://user:p%40@my_sentinel:1,c/3#main.1"
      })
  void whatCanBeReadIs(String url) {
    assertThatCode(() -> RedisUrl.check(url, false)).doesNotThrowAnyException();
  }

  /** The client would take each of them, and some turn off what keeps a stranger out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rediss://h:1?verifyPeer=NONE            | must not have the parameter verifyPeer: certificates are always checked
          rediss://h:1/?VERIFYPEER=FALSE          | must not have the parameter VERIFYPEER: certificates are always checked
          redis://h:1?database=5                  | must not have the parameter database: write the number as the path
          redis://h:1/2?database=5&database=6     | must not have the parameter database: write the number as the path
          redis://h:1?timeout=5s                  | must not have the parameter timeout: set spec.redis.commandTimeout
          redis://h:1?clientName=x                | must not have the parameter clientName: all but the address is a field of spec.redis
          redis://h:1?%76erifyPeer=NONE           | must not have parameters after a ?: all but the address is a field of spec.redis
          redis://h:1?                            | must not have parameters after a ?: all but the address is a field of spec.redis
          redis-sentinel://h:1?sentinelMasterId=m | must not have the parameter sentinelMasterId: write the name of the master after a #
          redis-sentinel://h:1#m?database=5       | must not have the parameter database: write the number as the path
          redis-sentinel://h:1                    | must name Sentinel's master after a #
          redis-sentinel://h:1#                   | must name Sentinel's master after a #
          redis-sentinel://h:70000#m              | has no valid host
          redis-sentinel://a,,b#m                 | must name a host
          redis://h:1#main                        | must not have a # and a name
          redis://h:1/1/2                         | must have a number as its path
          redis://h:1/-1                          | must have a number as its path
          redis://h:1/%31                         | must have a number as its path
          redis://h:1,i:2                         | must name one server
          """)
  void whatIsNotOnTheListIsRefusedWithWhatToDoInstead(String url, String why) {
    assertThatExceptionOfType(UnreadableUrl.class)
        .isThrownBy(() -> RedisUrl.check(url, false))
        .withMessageContaining("; it " + why);
  }

  @ParameterizedTest
  @CsvSource({
    "redis://h:1/5, must not name a database",
    "redis-sentinel://h:1#m, must not lead to Sentinel"
  })
  void aClusterHasNeitherDatabasesNorSentinels(String url, String why) {
    assertThatCode(() -> RedisUrl.check(url, false)).doesNotThrowAnyException();
    assertThatExceptionOfType(UnreadableUrl.class)
        .isThrownBy(() -> RedisUrl.check(url, true))
        .withMessageContaining("; it " + why);
  }

  @Test
  void whereNoPasswordIsAllowedNobodyIsToldHowToWriteOne() {
    assertThatExceptionOfType(UnreadableUrl.class)
        .isThrownBy(() -> RedisUrl.checkWithoutLogin("redis://u:sec ret@h:1", false))
        .withMessageContaining("it must not carry a user or password")
        .withMessageNotContainingAny("sec", "%XX");
    assertThatExceptionOfType(UnreadableUrl.class)
        .isThrownBy(() -> RedisUrl.checkWithoutLogin("redis://", false))
        .withMessageNotContaining("%XX");
    assertThatExceptionOfType(UnreadableUrl.class)
        .isThrownBy(() -> RedisUrl.check("redis://u:sec/ret@h:1", false))
        .withMessageContaining("special characters in a password as %XX");
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://:secret@h 1", "rediss://h:1?verifyPeer=NONE&x=secret"})
  void aConnectorSaysTheSame(String url) {
    assertThatExceptionOfType(UnreadableUrl.class)
        .isThrownBy(() -> RedisConnector.to(RedisSettings.plain(url), Duration.ZERO))
        .withMessageNotContaining("secret");
  }
}
