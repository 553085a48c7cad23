package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How far the settings of a resource have spread. */
public record SettingsStatus(
    @JsonPropertyDescription(
            "The version of the current manifest; workers name it in their log and " + "metrics.")
        String version,
    @JsonPropertyDescription("How many workers run with it.") long workers,
    @JsonPropertyDescription(
            "How many workers run with another version, or with a part of this one.")
        long otherWorkers,
    @JsonPropertyDescription("How many workers have received a manifest that they cannot use.")
        long refusing) {}
