package io.streamfleet.process.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialMaskTest {

  @ParameterizedTest
  @CsvSource({
    "redis://user:secret@host:6379/0, redis://***@host:6379/0",
    "redis://secret@host, redis://***@host",
    "rediss://:secret@host, rediss://***@host",
    "redis://:sec/ret?x#y@host, redis://***@host",
    "redis://:sec@ret@host, redis://***@host",
    "to 'redis://u:secret@h' and https://u:secret@i/p now, to 'redis://***@h' and https://***@i/p now",
    "at //secret@host, at //***@host",
    "redis://secret@, redis://***@",
  })
  void whatStandsBetweenTheSlashesAndTheAtIsMasked(String given, String shown) {
    assertThat(CredentialMask.masked(given)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "connected to redis://host:6379",
    "mail to someone@example.org",
    "someone@example.org about redis://host",
    "// a remark for someone@example.org",
    "java.lang.Object@1b2c3d",
    "@",
    "//",
    "''",
  })
  void whatIsNoCredentialStays(String text) {
    assertThat(CredentialMask.masked(text)).isEqualTo(text);
  }

  @Test
  void textWithoutAnAtIsNotEvenCopied() {
    String text = "connected to redis://host:6379";

    assertThat(CredentialMask.masked(text)).isSameAs(text);
  }
}
