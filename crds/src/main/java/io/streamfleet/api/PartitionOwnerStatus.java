package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** A worker that shares the partitions of a stream. */
public record PartitionOwnerStatus(
    @JsonPropertyDescription("Its consumer name, which is that of its pod.") String worker,
    @JsonPropertyDescription("How many partitions it has.") int partitions) {}
