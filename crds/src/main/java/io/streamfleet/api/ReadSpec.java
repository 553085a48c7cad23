package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/** How entries are read. */
public record ReadSpec(
    @JsonPropertyDescription("The most entries that one read asks for.")
        @Default("100")
        @Min(1)
        @Max(10_000)
        int batchSize,
    @JsonPropertyDescription("How long a read waits at the server for the first entry.")
        @WireDuration
        @Default("5s")
        @ValidationRule(
            value = "duration(self) >= duration('10ms') && duration(self) <= duration('60s')",
            message = "must be between 10ms and 60s")
        Duration block,
    @JsonPropertyDescription(
            "The most entries in hand at once, counted for all inbound streams together and for each"
                + " outbound platform by itself.")
        @Default("256")
        @Min(1)
        @Max(100_000)
        int maxInFlight) {}
