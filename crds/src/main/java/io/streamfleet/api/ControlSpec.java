package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;

/** The Pub/Sub channels for messages to workers. */
public record ControlSpec(
    @JsonPropertyDescription(
            "The channel for cancels of entries and channels; in database 5, @5 is " + "appended.")
        @Default("sg:control:cancel")
        @Size(min = 1, max = 512)
        String cancelChannel,
    @JsonPropertyDescription(
            "The prefix of the channels on which workers notify each other; in "
                + "database 5, @5 is appended.")
        @Default("sg:control:notice")
        @Size(min = 1, max = 512)
        String noticePrefix) {}
