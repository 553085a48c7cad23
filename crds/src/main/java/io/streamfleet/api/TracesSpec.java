package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where the spans of distributed traces are sent, and how many. */
public record TracesSpec(
    @JsonPropertyDescription(
            "The URL of a collector that takes OTLP over HTTP, such as http://collector:4318; without"
                + " a path, /v1/traces is added. OTEL_EXPORTER_OTLP_ENDPOINT in workers.env wins.")
        @Required
        @Pattern("^https?://\\S+$")
        @Size(min = 8, max = 2048)
        @ValidationRule(
            value = "!self.matches('^https?://[^/?#]*@')",
            message = "must not carry a user or password: use OTEL_EXPORTER_OTLP_HEADERS")
        String endpoint,
    @JsonPropertyDescription(
            "The part of the traces that is recorded, from 0 to 1, where the publisher has not"
                + " decided. OTEL_TRACES_SAMPLER in workers.env wins.")
        @Default("0.1")
        @Min(0)
        @Max(1)
        double sampleRatio) {}
