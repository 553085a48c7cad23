package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last observation of the partitions of a stream. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PartitionsStatus(
    @JsonPropertyDescription("The stream that has partitions.") String stream,
    @JsonPropertyDescription("The consumer group.") String group,
    @JsonPropertyDescription("How many partitions there are.") int count,
    @JsonPropertyDescription("How many have a worker.") int owned,
    @JsonPropertyDescription("The numbers of the first partitions without a worker.") @Size(max = 8)
        List<Integer> withoutOwner,
    @JsonPropertyDescription("How many partitions each worker has, those with most first.")
        @Size(max = 50)
        List<PartitionOwnerStatus> owners,
    @JsonPropertyDescription(
            "The lag of the partition with the largest one; absent if that of any is unknown.")
        @Nullable Long largestLag,
    @JsonPropertyDescription("The number of that partition; absent if no entry waits.")
        @Nullable Integer largestLagPartition,
    @JsonPropertyDescription(
            "The mean lag of a partition: far below the largest one, few channels have most of the"
                + " entries. Absent if unknown.")
        @Nullable Long meanLag,
    @JsonPropertyDescription("When a partition last got a worker; absent if none ever had one.")
        @Nullable String lastMoved) {

  public PartitionsStatus {
    withoutOwner = Copies.of(withoutOwner);
    owners = Copies.of(owners);
  }

  /** The streams of the partitions, by number. */
  public List<String> streams() {
    return PartitionsSpec.streamsOf(stream, count);
  }
}
