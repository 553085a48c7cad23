package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The last observation of a stream. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StreamStatus(
    @JsonPropertyDescription("The stream.") String stream,
    @JsonPropertyDescription("The consumer group.") String group,
    @JsonPropertyDescription("How many entries the stream has.") long length,
    @JsonPropertyDescription("How many entries are delivered and not yet acknowledged.")
        long pending,
    @JsonPropertyDescription("How many entries are not yet delivered; absent if unknown.")
        @Nullable Long lag,
    @JsonPropertyDescription(
            "How long ago the oldest entry that was not yet delivered was published; 0 if there is"
                + " none, absent if unknown.")
        @Nullable Long oldestUnreadSeconds,
    @JsonPropertyDescription(
            "How long ago the oldest pending entry was published; absent if none is pending.")
        @Nullable Long oldestPendingPublishedSeconds,
    @JsonPropertyDescription(
            "How long ago the oldest pending entry was delivered, as far as observed;"
                + " absent if none is pending.")
        @Nullable Long oldestPendingDeliveredSeconds,
    @JsonPropertyDescription("How many consumer names the group has.") int consumers) {}
