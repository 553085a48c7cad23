package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/** How pending entries of dead consumers are claimed. */
public record AutoclaimSpec(
    @JsonPropertyDescription(
            "The interval between two sweeps of the pending entries list, with " + "jitter.")
        @WireDuration
        @Default("30s")
        @ValidationRule(
            value = "duration(self) >= duration('100ms') && duration(self) <= duration('24h')",
            message = "must be between 100ms and 24h")
        Duration interval,
    @JsonPropertyDescription(
            "How long an entry must be idle before it is claimed from its consumer.")
        @WireDuration
        @Default("60s")
        @ValidationRule(
            value = "duration(self) >= duration('500ms') && duration(self) <= duration('24h')",
            message = "must be between 500ms and 24h")
        Duration minIdle,
    @JsonPropertyDescription("The maximum number of entries that one call claims.")
        @Default("100")
        @Min(1)
        @Max(1000)
        int batchSize,
    @JsonPropertyDescription(
            "How often an entry may be delivered, retries included; one that is "
                + "claimed more often becomes a dead letter.")
        @Default("3")
        @Min(1)
        @Max(1000)
        int maxDeliveries) {}
