package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The last observation of a consumer. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConsumerStatus(
    @JsonPropertyDescription("The consumer name.") String name,
    @JsonPropertyDescription("The pod of that name; absent if there is none.") @Nullable String pod,
    @JsonPropertyDescription("The stream.") String stream,
    @JsonPropertyDescription("How many entries are pending for it.") long pending,
    @JsonPropertyDescription("How long ago it last called.") long idleSeconds) {}
