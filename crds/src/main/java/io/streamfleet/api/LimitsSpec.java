package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How many messages may begin, in what time and at once. */
@ValidationRule(
    value = "has(self.rate) || has(self.concurrency)",
    message = "must have a rate or a concurrency")
@ValidationRule(
    value = "has(self.rate) || (!has(self.burst) && !has(self.channelRate))",
    message = "must have a rate where there is a burst or a channelRate")
@ValidationRule(
    value = "!has(self.channelRate) || !has(self.per) || self.per == 'Platform'",
    message = "must not have a channelRate where rate is that of each channel already")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LimitsSpec(
    @JsonPropertyDescription(
            "How many messages may begin in what time, in all workers together, such as 50/s, 5/10s"
                + " or 100/m. Attempts count. As many as burst may begin at once; then they come"
                + " evenly.")
        @Pattern(RateText.PATTERN)
        @Size(min = 3, max = 16)
        @Nullable String rate,
    @JsonPropertyDescription(
            "How many messages may begin at once after a while in which none did. A tenth of a"
                + " second's worth of rate if absent, and at least one.")
        @Min(1)
        @Max(1_000_000)
        @Nullable Integer burst,
    @JsonPropertyDescription(
            "What has that rate. Platform: all messages of a platform together; inbound, all that"
                + " the group reads. Channel: those of each channel.")
        @Default("Platform")
        LimitPer per,
    @JsonPropertyDescription(
            "A second rate, of each channel, where the first is that of the platform.")
        @Pattern(RateText.PATTERN)
        @Size(min = 3, max = 16)
        @Nullable String channelRate,
    @JsonPropertyDescription(
            "The key under which Redis keeps how far a rate is used up; {platform} stands for the"
                + " platform, and for inbound there. Behind it comes the channel where that has the"
                + " rate.")
        @Default("sg:limit:{platform}")
        @Size(min = 1, max = 512)
        String keyTemplate,
    @JsonPropertyDescription(
            "How many messages one worker has with one endpoint at once; as many as are in flight"
                + " if absent.")
        @Min(1)
        @Max(100_000)
        @Nullable Integer concurrency) {}
