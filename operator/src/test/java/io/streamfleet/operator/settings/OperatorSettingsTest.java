package io.streamfleet.operator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the environment tells the operator. */
class OperatorSettingsTest {

  @Test
  void nothingSaidMeansTheDefaults() {
    OperatorSettings settings = OperatorSettings.from(Map.of());

    assertThat(settings.namespaces()).isEmpty();
    assertThat(settings.leaderElection()).isTrue();
    assertThat(settings.leaseDuration()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.host()).isNull();
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.alongside()).isFalse();
    assertThat(settings.jsonLogs()).isFalse();
  }

  @Test
  void whatIsSaidIsTaken() {
    OperatorSettings settings =
        OperatorSettings.from(
            Map.of(
                "STREAMFLEET_NAMESPACES", "shop, chat ,",
                "STREAMFLEET_LEADER_ELECTION", "false",
                "STREAMFLEET_OBSERVE_INTERVAL", "500ms",
                "STREAMFLEET_LOG_FORMAT", "json"));

    assertThat(settings.namespaces()).containsExactlyInAnyOrder("shop", "chat");
    assertThat(settings.leaderElection()).isFalse();
    assertThat(settings.observeInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.jsonLogs()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          STREAMFLEET_NAMESPACES       | Shop     | must be names of namespaces
          STREAMFLEET_PORT             | 70000    | must be a number from 0 to 65535
          STREAMFLEET_PORT             | http     | must be a number from 0 to 65535
          STREAMFLEET_LEADER_ELECTION  | yes      | must be true or false
          STREAMFLEET_LEASE_DURATION   | 1s       | must be between 5s and 5m
          STREAMFLEET_OBSERVE_INTERVAL | soon     | must be a duration such as 10s
          STREAMFLEET_LOG_FORMAT       | xml      | must be logfmt or json
          """)
  void whatCannotBeUnderstoodIsNamedWithWhatWouldBeRight(
      String variable, String text, String remedy) {
    assertThatThrownBy(() -> OperatorSettings.from(Map.of(variable, text)))
        .isInstanceOf(BadSetting.class)
        .hasMessageStartingWith(variable + ": ")
        .hasMessageContaining(remedy)
        .hasMessageEndingWith("found " + text);
  }

  @Test
  void theDocumentationHasTheTable() throws Exception {
    Path operations = Path.of("..", "docs", "operations.md");

    assertThat(Files.readString(operations))
        .as("docs/operations.md has to hold this table:%n%s", OperatorSettings.table())
        .contains(OperatorSettings.table());
  }
}
