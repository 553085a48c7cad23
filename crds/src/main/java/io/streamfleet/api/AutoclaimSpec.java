package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/** How entries of consumers that went away are taken over. */
public record AutoclaimSpec(
    @JsonPropertyDescription("How often the pending entries list is swept, give or take a jitter.")
        @WireDuration
        @Default("30s")
        @ValidationRule(
            value = "duration(self) >= duration('100ms') && duration(self) <= duration('24h')",
            message = "must be between 100ms and 24h")
        Duration interval,
    @JsonPropertyDescription("How long an entry must be idle to be taken from its consumer.")
        @WireDuration
        @Default("60s")
        @ValidationRule(
            value = "duration(self) >= duration('500ms') && duration(self) <= duration('24h')",
            message = "must be between 500ms and 24h")
        Duration minIdle,
    @JsonPropertyDescription("The most entries that one call claims.")
        @Default("100")
        @Min(1)
        @Max(1000)
        int batchSize,
    @JsonPropertyDescription(
            "How often an entry may be delivered, attempts after a failure included; one that is"
                + " claimed more often goes to the dead letters.")
        @Default("3")
        @Min(1)
        @Max(1000)
        int maxDeliveries) {}
