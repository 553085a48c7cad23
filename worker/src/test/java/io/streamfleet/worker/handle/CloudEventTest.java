package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventTest {

  private final CloudEvent event = new CloudEvent(new byte[0], "worker-0");

  @Test
  void encodesTheExampleOfTheHttpBinding() {
    assertThat(CloudEvent.headerValue("Euro € 😀")).isEqualTo("Euro%20%E2%82%AC%20%F0%9F%98%80");
  }

  @ParameterizedTest
  @CsvSource({
    "sg:stream:inbound, sg:stream:inbound",
    "plain, plain",
    "a b, a%20b",
    "50%, 50%25",
    "sg:{tag}:in, sg:%7Btag%7D:in",
    "what?#x, what%3F%23x",
    // A first segment with a colon needs a scheme before it.
    "1:stream, 1%3Astream",
    "{tag}:a:b/c:d, %7Btag%7D%3Aa%3Ab/c:d",
    ":x, %3Ax",
    "a/b:c, a/b:c",
    // Two slashes would be an authority.
    "//host:x/y, %2F/host:x/y",
    "größe, gr%C3%B6%C3%9Fe"
  })
  void aStreamsNameBecomesAUriReference(String stream, String source) {
    assertThat(CloudEvent.source(stream)).isEqualTo(source);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sg:stream:inbound", "{t}:x", "1:2", "//a:b", "a b%\"", "😀:x", "[x]", "a\\b"})
  void aSourceIsAValidReferenceThatDecodesToTheStream(String stream) {
    String source = CloudEvent.source(stream);

    assertThat(URI.create(source).toString()).isEqualTo(source);
    assertThat(URLDecoder.decode(source.replace("+", "%2B"), StandardCharsets.UTF_8))
        .isEqualTo(stream);
  }

  /** Many messages are of one second, and the next is of an older one again. */
  @ParameterizedTest
  @CsvSource({
    "2026-11-30T13:00:00Z",
    "2026-11-30T13:00:00.001Z",
    "2026-11-30T13:00:00.999Z",
    "2024-02-29T23:59:59.010Z",
    "2024-02-29T23:59:59Z",
    "1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00.120Z",
    "9999-12-31T23:59:59.999Z",
    "2026-11-30T13:00:00.000001Z",
    "1969-12-31T23:59:59.500Z"
  })
  void aTimeIsWrittenAsByRfc3339(String time) {
    assertThat(event.text(Instant.parse(time))).isEqualTo(time);
    assertThat(event.text(Instant.parse(time))).isEqualTo(time);
  }
}
