package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The streams from the platforms. */
@ValidationRule(
    value = "!has(self.partitions) || !has(self.streams) || self.streams.size() == 1",
    message = "streams must have one stream where it has partitions")
@ValidationRule(
    value =
        "!has(self.partitions) || !has(self.ordering) || !has(self.ordering.mode) ||"
            + " self.ordering.mode == 'Channel'",
    message = "ordering.mode must be Channel where there are partitions: they keep that order")
public record InboundSpec(
    @JsonPropertyDescription("The streams to read.")
        @Default("[\"sg:stream:inbound\"]")
        @Size(min = 1, max = 64)
        @Unique
        List<@Size(min = 1, max = 512) String> streams,
    @JsonPropertyDescription("The consumer group to read them in.")
        @Default("sg:workers")
        @Size(min = 1, max = 512)
        String group,
    @JsonPropertyDescription("Where a new group starts: Beginning, End, or an entry id.")
        @Default("Beginning")
        @Pattern(StartFrom.PATTERN)
        @Size(min = 1, max = 64)
        String startFrom,
    @JsonPropertyDescription(
            "Partitions of the stream, each read by one worker at a time, which keep the order of a"
                + " channel strictly with any number of workers. One stream without partitions if"
                + " absent.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable PartitionsSpec partitions,
    @JsonPropertyDescription("Which entries wait for each other.")
        @ElementDefault(field = "mode", value = "Channel")
        @ElementDefault(field = "lockTemplate", value = "sg:lock:channel:{channel}")
        OrderingSpec ordering,
    @JsonPropertyDescription("The handler of the entries.") @Required HandlerSpec handler,
    @JsonPropertyDescription(
            "How many messages may start in what time, and at once. A message that waits uses up no"
                + " attempt.")
        @Live
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable LimitsSpec limits,
    @JsonPropertyDescription(
            "What happens to entries that were handled. Publisher: they stay until the publishers"
                + " trim the stream. Acknowledged: the workers trim a stream, up to the oldest"
                + " entry that any of its groups has not read or not acknowledged, groups of other"
                + " applications included. A group that is created later can't read what was"
                + " trimmed.")
        @Default("Publisher")
        Retention retention,
    @JsonPropertyDescription(
            "Whether intake is paused: no entry is read or claimed. Entries in flight"
                + " are finished.")
        @Default("false")
        @Live
        boolean paused) {

  public InboundSpec {
    streams = Copies.of(streams);
  }

  /** The stream whose entries a worker moves to the partitions, if that is wanted. */
  public Optional<String> splitStream() {
    PartitionsSpec parts = partitions;
    return parts == null || parts.from() != PartitionsFrom.Splitter
        ? Optional.empty()
        : Optional.of(streams.getFirst());
  }

  /** The streams with the group: those whose entries are handled, and then the one to split. */
  public List<String> groupStreams() {
    return Stream.concat(readStreams().stream(), splitStream().stream()).toList();
  }

  /** The streams whose entries are handled: those of the partitions where there are some. */
  public List<String> readStreams() {
    PartitionsSpec parts = partitions;
    return parts == null
        ? streams
        : streams.stream().flatMap(stream -> parts.streamsOf(stream).stream()).toList();
  }
}
