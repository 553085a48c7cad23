package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How far the settings of a resource have come. */
public record SettingsStatus(
    @JsonPropertyDescription(
            "The version of the manifest that the workers are to run by; workers name it in their log"
                + " and metrics.")
        String version,
    @JsonPropertyDescription("How many workers run by it.") long workers,
    @JsonPropertyDescription("How many workers run by another version, or by a part of this one.")
        long otherWorkers,
    @JsonPropertyDescription("How many workers were given a manifest that they cannot use.")
        long refusing) {}
