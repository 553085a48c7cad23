package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What the workers export by OpenTelemetry. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TelemetrySpec(
    @JsonPropertyDescription("Distributed traces of the entries; none if absent.")
        @Nullable TracesSpec traces) {}
