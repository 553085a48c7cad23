package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;

/** The stream of entries that can't be handled. */
public record DeadLetterSpec(
    @JsonPropertyDescription("The stream of the dead letters.")
        @Default("sg:stream:dlq")
        @Size(min = 1, max = 512)
        String stream,
    @JsonPropertyDescription("About how many dead letters are kept; 0 never trims.")
        @Default("5000")
        @Min(0)
        @Max(1e12)
        long maxLength) {}
