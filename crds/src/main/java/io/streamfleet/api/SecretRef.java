package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** A Secret in the namespace of the resource. */
public record SecretRef(
    @JsonPropertyDescription("The name of the Secret, in the resource's own namespace.")
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Size(min = 1, max = 253)
        String name) {}
