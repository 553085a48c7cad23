package io.streamfleet.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.api.TelemetrySpec;
import io.streamfleet.api.TracesSpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables of OpenTelemetry win over the manifest. */
class OtelEnvironmentTest {

  private static final TelemetrySpec SPEC =
      new TelemetrySpec(new TracesSpec("http://collector:4318", 0.1));

  private static TelemetrySettings settings(Map<String, String> environment) {
    return new OtelEnvironment(environment).settings(SPEC).orElseThrow();
  }

  @Test
  void nothingIsRecordedUnlessTheManifestOrAVariableAsksForIt() {
    assertThat(new OtelEnvironment(Map.of()).settings(null)).isEmpty();
    assertThat(new OtelEnvironment(Map.of()).settings(new TelemetrySpec(null))).isEmpty();
    assertThat(new OtelEnvironment(Map.of("OTEL_SERVICE_NAME", "x")).settings(null)).isEmpty();
    assertThat(
            new OtelEnvironment(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:1")).settings(null))
        .isPresent();
    assertThat(new OtelEnvironment(Map.of("OTEL_TRACES_EXPORTER", "otlp")).settings(null))
        .map(TelemetrySettings::endpoint)
        .contains("http://localhost:4318/v1/traces");
  }

  @ParameterizedTest
  @CsvSource({"OTEL_SDK_DISABLED, true", "OTEL_TRACES_EXPORTER, none"})
  void aVariableSwitchesThemOff(String name, String value) {
    assertThat(new OtelEnvironment(Map.of(name, value)).settings(SPEC)).isEmpty();
  }

  @Test
  void theManifestNamesTheCollectorAndTheRatio() {
    TelemetrySettings settings = settings(Map.of());

    assertThat(settings.endpoint()).isEqualTo("http://collector:4318/v1/traces");
    assertThat(settings.sampling()).isEqualTo(new Sampling(true, 0.1));
    assertThat(
            new OtelEnvironment(Map.of())
                .settings(new TelemetrySpec(new TracesSpec("https://c/otlp/in", 1))))
        .map(TelemetrySettings::endpoint)
        .contains("https://c/otlp/in");
  }

  @Test
  void variablesWin() {
    TelemetrySettings settings =
        settings(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://other:4318/",
                "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20abc+/=,x-tenant=t1",
                "OTEL_EXPORTER_OTLP_TIMEOUT", "1500",
                "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                "OTEL_SERVICE_NAME", "bot",
                "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod,service.name=no",
                "OTEL_TRACES_SAMPLER", "traceidratio",
                "OTEL_TRACES_SAMPLER_ARG", "0.5",
                "OTEL_BSP_MAX_QUEUE_SIZE", "100"));

    assertThat(settings.endpoint()).isEqualTo("http://other:4318/v1/traces");
    assertThat(settings.headers())
        .containsEntry("authorization", "Basic abc+/=")
        .containsEntry("x-tenant", "t1");
    assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(settings.gzip()).isTrue();
    assertThat(settings.attributes())
        .containsEntry("service.name", "bot")
        .containsEntry("deployment.environment.name", "prod");
    assertThat(settings.sampling()).isEqualTo(new Sampling(false, 0.5));
    assertThat(settings.queue())
        .isEqualTo(new TelemetrySettings.Queue(100, 100, Duration.ofSeconds(5)));
  }

  @Test
  void whatIsBehindAQuestionMarkIsNotShown() {
    TelemetrySettings settings =
        settings(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c/in?key=secret"));

    assertThat(settings.endpoint()).isEqualTo("http://c/in?key=secret");
    assertThat(settings.shownEndpoint()).isEqualTo("http://c/in");
  }

  @Test
  void thoseOfTracesWinOverThoseOfAllSignals() {
    TelemetrySettings settings =
        settings(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://other:4318",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:1/as-it-is",
                "OTEL_EXPORTER_OTLP_TIMEOUT", "1",
                "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2"));

    assertThat(settings.endpoint()).isEqualTo("http://traces:1/as-it-is");
    assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(2));
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc",
    "OTEL_TRACES_EXPORTER, zipkin",
    "OTEL_TRACES_SAMPLER, jaeger_remote",
    "OTEL_EXPORTER_OTLP_COMPRESSION, zstd",
    "OTEL_EXPORTER_OTLP_TIMEOUT, soon",
    "OTEL_EXPORTER_OTLP_ENDPOINT, what://",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, http://c:4318/?key=secret secret",
    "OTEL_EXPORTER_OTLP_HEADERS, secret",
    "OTEL_EXPORTER_OTLP_HEADERS, key=%secret"
  })
  void whatCannotBeUsedIsRefusedByName(String name, String value) {
    assertThatThrownBy(() -> settings(Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}
