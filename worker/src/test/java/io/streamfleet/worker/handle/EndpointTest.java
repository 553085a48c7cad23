package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @Test
  void fillsThePlatformIn() {
    Endpoint endpoint =
        Endpoint.forPlatform("http://adapter-{platform}:8080/send/{platform}", "discord", Map.of());

    assertThat(uriOf(endpoint)).isEqualTo(URI.create("http://adapter-discord:8080/send/discord"));
  }

  @Test
  void aPlatformCannotLeaveItsPlaceInTheUrl() {
    Endpoint endpoint = Endpoint.forPlatform("http://host/{platform}", "a/../b?c", Map.of());

    assertThat(uriOf(endpoint)).isEqualTo(URI.create("http://host/a%2F..%2Fb%3Fc"));
  }

  @Test
  void keepsTheQueryButNotTheFragment() {
    assertThat(uriOf(Endpoint.of("HTTP://host?a=%20b#c", Map.of())))
        .isEqualTo(URI.create("http://host/?a=%20b"));
  }

  @Test
  void isCalledByWhatIsNoSecret() {
    assertThat(Endpoint.of("https://ann:geheim@host:1/p?key=geheim", Map.of()))
        .hasToString("https://host:1/p");
  }

  @Test
  void onlyAnOutboundHandlerHasAPlatform() {
    assertThatThrownBy(() -> Endpoint.of("http://adapter-{platform}/", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{platform}");
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://ann:geheim@host/, must begin with http:// or https://",
    "/relative, must begin with http",
    "http://ann:geheim@my_host/, no valid host name",
    "http://ann:geheim@host:port/, no valid",
    "http://ann:geheim@ho st/, is not valid: Illegal character",
    "'', must begin"
  })
  void aUrlThatCannotBeUsedIsRefusedWithoutBeingQuoted(String url, String why) {
    assertThatThrownBy(() -> Endpoint.of(url, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("geheim")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce-id", "CE-Extra", "Content-Type", "content-length"})
  void whatTheMessageSaysCannotBeFixed(String header) {
    assertThatThrownBy(() -> Endpoint.of("http://host/", Map.of(header, "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(header);
  }

  @ParameterizedTest
  @CsvSource({"bad name, x", "host, x", "x-token, geheim\u0007x"})
  void aHeaderThatCannotBeSentIsRefusedWithoutItsValue(String header, String value) {
    assertThatThrownBy(() -> Endpoint.of("http://host/", Map.of(header, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(header)
        .hasMessageNotContaining("geheim")
        .hasNoCause();
  }

  private static URI uriOf(Endpoint endpoint) {
    return endpoint.request().build().uri();
  }
}
