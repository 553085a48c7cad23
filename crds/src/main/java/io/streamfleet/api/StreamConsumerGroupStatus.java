package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last observed state. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StreamConsumerGroupStatus(
    @JsonPropertyDescription("The generation of the resource that this was computed for.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("The conditions: Ready, RedisReachable, WorkersAvailable and others.")
        @Size(max = 16)
        @Unique(by = "type")
        List<Condition> conditions,
    @JsonPropertyDescription("How many workers there are.") @StatusReplicas
        @Nullable Integer replicas,
    @JsonPropertyDescription("How many workers are ready.") @Nullable Integer readyReplicas,
    @JsonPropertyDescription("The label selector of the workers, for autoscalers.") @LabelSelector
        @Nullable String selector,
    @JsonPropertyDescription("Ready and wanted workers, such as 2/3.")
        @PrinterColumn(name = "WORKERS")
        @Nullable String workers,
    @JsonPropertyDescription(
            "What is paused: inbound, outbound, or platforms, separated by commas; "
                + "absent if nothing is.")
        @PrinterColumn(name = "PAUSED")
        @Nullable String paused,
    @JsonPropertyDescription("The settings that workers run with; absent until Redis has told.")
        @Nullable SettingsStatus settings,
    @JsonPropertyDescription("How many entries of all streams are pending.")
        @PrinterColumn(name = "PENDING")
        @Nullable Long pending,
    @JsonPropertyDescription("The lag of all streams; absent if that of any is unknown.")
        @PrinterColumn(name = "LAG")
        @Nullable Long lag,
    @JsonPropertyDescription("How many dead letters there are.") @PrinterColumn(name = "DEAD")
        @Nullable Long deadLetters,
    @JsonPropertyDescription(
            "How many partitions have a worker and how many there are, such as 32/32; absent"
                + " without partitions.")
        @PrinterColumn(name = "PARTITIONS", priority = 1)
        @Nullable String ownedPartitions,
    @JsonPropertyDescription(
            "The observed state of each stream; that of all partitions where it has some.")
        @Size(max = 128)
        List<StreamStatus> streams,
    @JsonPropertyDescription("Who has the partitions of each stream that has some.") @Size(max = 64)
        List<PartitionsStatus> partitions,
    @JsonPropertyDescription("The observed consumer names, those with most pending entries first.")
        @Size(max = 50)
        List<ConsumerStatus> consumers) {

  public StreamConsumerGroupStatus {
    conditions = Copies.of(conditions);
    streams = Copies.of(streams);
    partitions = Copies.of(partitions);
    consumers = Copies.of(consumers);
  }
}
