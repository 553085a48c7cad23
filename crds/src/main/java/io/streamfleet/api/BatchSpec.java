package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/** How messages are gathered into one request. */
public record BatchSpec(
    @JsonPropertyDescription(
            "The maximum number of messages in one request. A request also has about 1 MiB at most,"
                + " unless one message alone is longer.")
        @Default("50")
        @Min(1)
        @Max(1000)
        int maxSize,
    @JsonPropertyDescription(
            "How long a message waits for others to share its request. 0ms waits for none: a"
                + " request has what is ready at the same moment.")
        @WireDuration
        @Default("5ms")
        @ValidationRule(
            value = "duration(self) >= duration('0ms') && duration(self) <= duration('100ms')",
            message = "must be between 0ms and 100ms")
        Duration linger) {}
