package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/** How failed entries are retried. */
@ValidationRule(
    value =
        "!has(self.initialBackoff) || !has(self.maxBackoff) || duration(self.maxBackoff) >="
            + " duration(self.initialBackoff)",
    message = "maxBackoff must not be shorter than initialBackoff")
public record RetrySpec(
    @JsonPropertyDescription("How often an entry is tried before it becomes a dead letter.")
        @Default("3")
        @Min(1)
        @Max(100)
        int maxAttempts,
    @JsonPropertyDescription("The wait after the first failure; it doubles with each further one.")
        @WireDuration
        @Default("1s")
        @ValidationRule(
            value = "duration(self) <= duration('24h')",
            message = "must be at most 24h")
        Duration initialBackoff,
    @JsonPropertyDescription("The longest wait between two attempts.")
        @WireDuration
        @Default("30s")
        @ValidationRule(
            value = "duration(self) <= duration('24h')",
            message = "must be at most 24h")
        Duration maxBackoff) {}
