package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How entries are read. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReadSpec(
    @JsonPropertyDescription("The maximum number of entries of one read.")
        @Default("100")
        @Min(1)
        @Max(10_000)
        @Live
        int batchSize,
    @JsonPropertyDescription("How long a read waits at the server for the first entry.")
        @WireDuration
        @Default("5s")
        @ValidationRule(
            value = "duration(self) >= duration('10ms') && duration(self) <= duration('60s')",
            message = "must be between 10ms and 60s")
        Duration block,
    @JsonPropertyDescription(
            "The maximum number of entries in flight, counted for all inbound streams"
                + " together and for each outbound platform by itself.")
        @Default("256")
        @Min(1)
        @Max(100_000)
        @Live
        int maxInFlight,
    @JsonPropertyDescription(
            "The maximum size of all payloads in flight in a worker, all its streams "
                + "and platforms together, such as 16Mi. An entry with more than half of it"
                + " becomes a dead letter, too_large. A sixth of the maximum heap if "
                + "absent.")
        @Pattern(ByteText.PATTERN)
        @Size(min = 3, max = 8)
        @Nullable String maxBytes) {

  /** The default of {@link #maxBytes}, as a fraction of the heap. */
  private static final int HEAP_FRACTION = 6;

  /**
   * The limit in bytes.
   *
   * @param heap the maximum size of the heap
   */
  public long maxBytes(long heap) {
    String text = maxBytes;
    return text == null ? heap / HEAP_FRACTION : ByteText.parse(text);
  }
}
