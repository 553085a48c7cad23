package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/**
 * The order of entries. The defaults of {@code mode} and {@code lockTemplate} are declared where
 * this type is used: they differ between the two directions.
 */
public record OrderingSpec(
    @JsonPropertyDescription(
            "Channel: entries of one channel run one at a time, in order; None: no entry waits for"
                + " another.")
        OrderingMode mode,
    @JsonPropertyDescription("The payload field that names an entry's channel.")
        @Default("channel_id")
        @Size(min = 1, max = 256)
        String field,
    @JsonPropertyDescription(
            "How long a channel's lock outlives a worker that died holding it; it is renewed at a"
                + " third of that.")
        @WireDuration
        @Default("60s")
        @ValidationRule(
            value = "duration(self) >= duration('1s') && duration(self) <= duration('24h')",
            message = "must be between 1s and 24h")
        Duration lockTtl,
    @JsonPropertyDescription(
            "The key of a channel's lock; {channel} stands for the channel, "
                + "{platform} for the platform: outbound that of the stream, inbound that "
                + "of the payload.")
        @Size(min = 1, max = 512)
        @ValidationRule(
            value = "self.contains('{channel}')",
            message = "must contain {channel}, or all channels would share one lock")
        String lockTemplate) {}
