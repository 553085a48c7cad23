package io.streamfleet.worker.telemetry;

import io.streamfleet.api.TelemetrySpec;
import io.streamfleet.api.TracesSpec;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the standard variables of OpenTelemetry, which win over the manifest, as they win over a
 * program's own settings elsewhere. An empty variable counts as absent.
 *
 * @see <a
 *     href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">the
 *     variables</a>
 */
final class OtelEnvironment {

  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String EXPORTER = "OTEL_TRACES_EXPORTER";
  private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
  private static final String OF_TRACES = "OTEL_EXPORTER_OTLP_TRACES_";
  private static final String OF_ALL = "OTEL_EXPORTER_OTLP_";
  private static final String PROTOCOL = "http/protobuf";

  /** The path of traces below the endpoint of a collector. */
  private static final String PATH = "/v1/traces";

  private static final String STANDARD_ENDPOINT = "http://localhost:4318";

  private final Map<String, String> environment;

  OtelEnvironment(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The settings; empty if no traces are asked for.
   *
   * @param spec of the manifest, null if it has none
   * @throws IllegalArgumentException if a setting cannot be used; the message has no secrets
   */
  Optional<TelemetrySettings> settings(@Nullable TelemetrySpec spec) {
    TracesSpec traces = spec == null ? null : spec.traces();
    if (!wanted(traces)) {
      return Optional.empty();
    }
    String protocol = otlp("PROTOCOL").orElse(PROTOCOL);
    if (!protocol.equals(PROTOCOL)) {
      throw new IllegalArgumentException(
          "OTEL_EXPORTER_OTLP_PROTOCOL is "
              + protocol
              + ", but only "
              + PROTOCOL
              + " is supported");
    }
    Map<String, String> attributes =
        pairs("OTEL_RESOURCE_ATTRIBUTES", text("OTEL_RESOURCE_ATTRIBUTES"));
    text("OTEL_SERVICE_NAME").ifPresent(name -> attributes.put("service.name", name));
    int queue = number("OTEL_BSP_MAX_QUEUE_SIZE", 2_048);
    return Optional.of(
        new TelemetrySettings(
            endpoint(traces),
            pairs("OTEL_EXPORTER_OTLP_HEADERS", otlp("HEADERS")),
            Duration.ofMillis(otlp("TIMEOUT").map(it -> number("TIMEOUT", it)).orElse(10_000)),
            compression(),
            otlp("CERTIFICATE").map(Path::of),
            otlp("CLIENT_CERTIFICATE").map(Path::of),
            otlp("CLIENT_KEY").map(Path::of),
            attributes,
            sampling(traces),
            new TelemetrySettings.Queue(
                queue,
                Math.min(queue, number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512)),
                Duration.ofMillis(number("OTEL_BSP_SCHEDULE_DELAY", 5_000)))));
  }

  private boolean wanted(@Nullable TracesSpec traces) {
    if (text("OTEL_SDK_DISABLED").filter("true"::equalsIgnoreCase).isPresent()) {
      return false;
    }
    Optional<String> exporter = text(EXPORTER);
    if (exporter.isPresent()) {
      List<String> all = Stream.of(exporter.get().split(",")).map(String::strip).toList();
      if (all.contains("none")) {
        return false;
      }
      if (!all.contains("otlp")) {
        throw new IllegalArgumentException(
            EXPORTER + " is " + exporter.get() + ", but only otlp and none are supported");
      }
      return true;
    }
    return traces != null || text(ENDPOINT).isPresent() || text(TRACES_ENDPOINT).isPresent();
  }

  private String endpoint(@Nullable TracesSpec traces) {
    Optional<String> whole = text(TRACES_ENDPOINT);
    String endpoint =
        whole.orElseGet(
            () ->
                text(ENDPOINT)
                    .map(it -> it.replaceAll("/+$", "") + PATH)
                    .orElseGet(() -> traces == null ? STANDARD_ENDPOINT + PATH : withPath(traces)));
    URI uri = uri(endpoint);
    if (uri.getHost() == null || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the endpoint for traces must be a URL with a host and without a user");
    }
    return endpoint;
  }

  private static URI uri(String endpoint) {
    try {
      return URI.create(endpoint);
    } catch (IllegalArgumentException e) {
      // Its message quotes the URL, which may have a token.
      throw new IllegalArgumentException("the endpoint for traces is not a URL");
    }
  }

  private static String withPath(TracesSpec traces) {
    String path = uri(traces.endpoint()).getRawPath();
    return path.isEmpty() || path.equals("/")
        ? traces.endpoint().replaceAll("/+$", "") + PATH
        : traces.endpoint();
  }

  private boolean compression() {
    String name = otlp("COMPRESSION").orElse("none");
    return switch (name) {
      case "gzip" -> true;
      case "none" -> false;
      default ->
          throw new IllegalArgumentException(
              "OTEL_EXPORTER_OTLP_COMPRESSION is " + name + ", not gzip or none");
    };
  }

  private Sampling sampling(@Nullable TracesSpec traces) {
    Optional<String> sampler = text(SAMPLER);
    if (sampler.isEmpty()) {
      // By the environment alone: the default of the standard.
      return new Sampling(true, traces == null ? 1 : traces.sampleRatio());
    }
    return switch (sampler.get()) {
      case "always_on" -> new Sampling(false, 1);
      case "always_off" -> new Sampling(false, 0);
      case "traceidratio" -> new Sampling(false, ratio());
      case "parentbased_always_on" -> new Sampling(true, 1);
      case "parentbased_always_off" -> new Sampling(true, 0);
      case "parentbased_traceidratio" -> new Sampling(true, ratio());
      default ->
          throw new IllegalArgumentException(
              SAMPLER + " is " + sampler.get() + ", which is unknown");
    };
  }

  private double ratio() {
    String text = text("OTEL_TRACES_SAMPLER_ARG").orElse("1");
    try {
      double ratio = Double.parseDouble(text);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "OTEL_TRACES_SAMPLER_ARG is " + text + ", not a number from 0 to 1");
  }

  /** A variable of the exporter: that of traces wins over that of all signals. */
  private Optional<String> otlp(String name) {
    return text(OF_TRACES + name).or(() -> text(OF_ALL + name));
  }

  private Optional<String> text(String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(it -> !it.isEmpty());
  }

  private int number(String name, int otherwise) {
    return text(name).map(it -> number(name, it)).orElse(otherwise);
  }

  private static int number(String name, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(name + " is " + text + ", not a positive whole number");
  }

  /** {@code name=value,name=value}, percent-encoded as in W3C Baggage. */
  private static Map<String, String> pairs(String name, Optional<String> text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.map(it -> it.split(",")).orElse(new String[0])) {
      int assigned = pair.indexOf('=');
      if (assigned > 0) {
        pairs.put(pair.substring(0, assigned).strip(), decoded(name, pair.substring(assigned + 1)));
      } else if (!pair.isBlank()) {
        // Not the text itself: it may be a secret.
        throw new IllegalArgumentException(name + " is not a list of name=value");
      }
    }
    return pairs;
  }

  /** A plus sign is no space here. */
  private static String decoded(String name, String value) {
    try {
      return URLDecoder.decode(value.strip().replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Its message quotes the value.
      throw new IllegalArgumentException(name + " has a value that is not percent-encoded");
    }
  }
}
