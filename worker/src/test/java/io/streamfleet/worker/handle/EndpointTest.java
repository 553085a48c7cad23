package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.worker.http.ServerAddress;
import java.net.URI;
import java.nio.file.Path;
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
  void aUnixSocketEndsAtTheColon() {
    Endpoint endpoint =
        Endpoint.forPlatform(
            "unix:///run/{platform}.sock:/send/{platform}?key=geheim", "discord", Map.of());

    assertThat(endpoint.server())
        .isEqualTo(new ServerAddress.UnixSocket(Path.of("/run/discord.sock")));
    assertThat(endpoint.target()).isEqualTo("/send/discord?key=geheim");
    assertThat(endpoint).hasToString("unix:///run/discord.sock:/send/discord");
    assertThat(endpoint.origin()).isEqualTo("unix:///run/discord.sock");
  }

  @Test
  void aUnixSocketAloneIsPostedToAtItsRoot() {
    assertThat(Endpoint.of("unix:///run/bot.sock", Map.of()).target()).isEqualTo("/");
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
    "unix://bot.sock:/p, must have the absolute path of a socket",
    "unix:///run/bot.sock:p, must have the absolute path of a socket",
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
  @CsvSource({"bad name, x", "host, x", "Transfer-Encoding, x", "x-token, geheim\u0007x"})
  void aHeaderThatCannotBeSentIsRefusedWithoutItsValue(String header, String value) {
    assertThatThrownBy(() -> Endpoint.of("http://host/", Map.of(header, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(header)
        .hasMessageNotContaining("geheim")
        .hasNoCause();
  }

  private static URI uriOf(Endpoint endpoint) {
    String origin = endpoint.toString().replaceFirst("(://[^/]*).*", "$1");
    return URI.create(origin + endpoint.target());
  }
}
