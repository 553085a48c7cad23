package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** The NetworkPolicy of the workers. */
public record NetworkPolicySpec(
    @JsonPropertyDescription("Whether a NetworkPolicy is created.") @Default("false")
        boolean enabled) {}
