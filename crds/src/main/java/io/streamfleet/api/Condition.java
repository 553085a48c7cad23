package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A condition, as in the API conventions of Kubernetes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription("The type of the condition, such as Ready.")
        @Required
        @Size(min = 1, max = 316)
        String type,
    @JsonPropertyDescription("True, False or Unknown.")
        @Required
        @Pattern("^(True|False|Unknown)$")
        @Size(min = 1, max = 16)
        String status,
    @JsonPropertyDescription("The generation of the resource that this was computed for.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("When the status last changed, in RFC 3339.") @Size(max = 64)
        @Nullable String lastTransitionTime,
    @JsonPropertyDescription("The reason as one word, for machines.") @Size(max = 1024)
        @Nullable String reason,
    @JsonPropertyDescription("The reason in a sentence.") @Size(max = 32768)
        @Nullable String message) {}
