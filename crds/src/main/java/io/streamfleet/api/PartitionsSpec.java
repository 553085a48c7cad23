package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.stream.IntStream;

/** Into how many partitions a stream is split, each of which one worker reads at a time. */
@ValidationRule(
    value = "self.count in [1, 2, 4, 8, 16, 32, 64]",
    message = "count must be a power of two from 1 to 64")
public record PartitionsSpec(
    @JsonPropertyDescription(
            "How many partitions; a power of two. More than workers, so that each can have some."
                + " Publishers have to know it. It can be changed when all entries are settled.")
        @Required
        @Min(1)
        @Max(64)
        int count,
    @JsonPropertyDescription(
            "Who puts entries into the partitions. Publisher: those who publish choose the"
                + " partition of each message. Splitter: they publish to the stream as without"
                + " partitions, and one of the workers moves the entries.")
        @Default("Publisher")
        PartitionsFrom from) {

  /** The streams of the partitions: the name and the number of each in braces behind it. */
  public List<String> streamsOf(String stream) {
    return streamsOf(stream, count);
  }

  /** The same, for so many partitions. */
  static List<String> streamsOf(String stream, int count) {
    return IntStream.range(0, count).mapToObj(partition -> streamOf(stream, partition)).toList();
  }

  /** The stream of one partition: its number is the hash tag by which a Cluster places it. */
  public static String streamOf(String stream, int partition) {
    return stream + ":{" + partition + "}";
  }
}
