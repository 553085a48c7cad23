package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** Scales the number of workers by the lag. */
@ValidationRule(
    value =
        "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
    message = "minReplicas must not be above maxReplicas")
public record AutoscalingSpec(
    @JsonPropertyDescription("The minimum number of workers.") @Default("1") @Min(0) @Max(1000)
        int minReplicas,
    @JsonPropertyDescription("The maximum number of workers.") @Min(1) @Max(1000) int maxReplicas,
    @JsonPropertyDescription("The lag per worker, in entries.")
        @Default("1000")
        @Min(1)
        @Max(1_000_000_000)
        int lagPerReplica) {}
