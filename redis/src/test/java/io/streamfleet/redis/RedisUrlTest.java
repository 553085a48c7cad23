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
          redis://                            , redis://
          redis://h:99999                     , redis://h:99999
          redis://user:sec ret@h:1            , redis://***@h:1
          redis://user:sec/ret#ret@h:1 2      , redis://***@h:1 2
          redis://user:se@cret@h:1/ 0         , redis://***@h:1/ 0
          user:secret@h:1                     , ***@h:1
          user:secret@redis://h:1             , ***@redis://h:1
          redis-sentinel://:secret@h 1#m      , redis-sentinel://***@h 1#m
          """)
  void isToldWithoutCredentials(String url, String told) {
    assertThatExceptionOfType(UnreadableUrl.class)
        .isThrownBy(() -> RedisUrl.check(url))
        .withMessageStartingWith(told + " cannot be read: write redis://HOST:PORT")
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://h",
        "redis://user:sec%2Fret@h:1/3",
        "rediss://h:1?timeout=5s",
        "redis-sentinel://a:1,b:2/0#main"
      })
  void whatCanBeReadIs(String url) {
    assertThatCode(() -> RedisUrl.check(url)).doesNotThrowAnyException();
  }

  @Test
  void aConnectorSaysTheSame() {
    assertThatExceptionOfType(UnreadableUrl.class)
        .isThrownBy(
            () -> RedisConnector.to(RedisSettings.plain("redis://:secret@h 1"), Duration.ZERO))
        .withMessageNotContaining("secret");
  }
}
