package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** What the workers may be reached by. */
public record NetworkPolicySpec(
    @JsonPropertyDescription("Whether a NetworkPolicy is created.") @Default("false")
        boolean enabled) {}
