package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams to the platforms. */
@ValidationRule(
    value =
        "!has(self.platforms) || size(self.platforms) <= 1 || !has(self.streamTemplate) ||"
            + " self.streamTemplate.contains('{platform}')",
    message = "streamTemplate must contain {platform} when there is more than one platform")
@ValidationRule(
    value =
        "!has(self.platforms) || !has(self.handler) || !has(self.handler.http) ||"
            + " !has(self.handler.http.url) ||"
            + " !self.handler.http.url.matches('^https?://[^/?#:]*[{]platform[}]') ||"
            + " self.platforms.all(name, !name.contains('_'))",
    message =
        "platforms must not have an underscore when handler.http.url has {platform} in its host"
            + " name, where none is valid")
@ValidationRule(
    value =
        "!has(self.platforms) || !has(self.pausedPlatforms) ||"
            + " self.pausedPlatforms.all(name, name in self.platforms)",
    message = "pausedPlatforms must be some of platforms")
@ValidationRule(
    value =
        "!has(self.retention) || self.retention != 'Acknowledged' || !has(self.maxLength) ||"
            + " self.maxLength == 0",
    message =
        "retention: Acknowledged needs maxLength: 0, or a handler that emits would trim away what"
            + " nobody has read yet")
public record OutboundSpec(
    @JsonPropertyDescription("The platforms to serve; each has a stream of its own.")
        @Required
        @Size(min = 1, max = 64)
        @Unique
        List<@Pattern("^[a-z0-9_-]+$") @Size(min = 1, max = 63) String> platforms,
    @JsonPropertyDescription("The stream of a platform; {platform} stands for the platform.")
        @Default(DEFAULT_STREAM_TEMPLATE)
        @Size(min = 1, max = 512)
        String streamTemplate,
    @JsonPropertyDescription(
            "The consumer group to read them in; {platform} stands for the platform.")
        @Default("stargazer_gateways")
        @Size(min = 1, max = 512)
        String group,
    @JsonPropertyDescription("Where a new group starts: Beginning, End, or an entry id.")
        @Default("Beginning")
        @Pattern(StartFrom.PATTERN)
        @Size(min = 1, max = 64)
        String startFrom,
    @JsonPropertyDescription("Which entries wait for each other.")
        @ElementDefault(field = "mode", value = "None")
        @ElementDefault(field = "lockTemplate", value = "sg:lock:outbound:{platform}:{channel}")
        OrderingSpec ordering,
    @JsonPropertyDescription("The handler of the entries.") @Required HandlerSpec handler,
    @JsonPropertyDescription(
            "How many messages may start in what time, and at once. A message that waits uses up no"
                + " attempt.")
        @Live
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable LimitsSpec limits,
    @JsonPropertyDescription(
            "About how many entries an outbound stream keeps when a handler emits to it; 0 never"
                + " trims.")
        @Default("" + DEFAULT_MAX_LENGTH)
        @Min(0)
        @Max(1e12)
        long maxLength,
    @JsonPropertyDescription(
            "What happens to entries that were handled. Publisher: they stay until the publishers"
                + " trim the stream. Acknowledged: the workers trim a stream, up to the oldest"
                + " entry that any of its groups has not read or not acknowledged, groups of other"
                + " applications included. A group that is created later can't read what was"
                + " trimmed.")
        @Default("Publisher")
        Retention retention,
    @JsonPropertyDescription(
            "What happens when a handler emits to a platform that is not among these."
                + " Warn: the message is appended, with a warning in the log if no consumer"
                + " group reads its stream. Refuse: the handled message becomes a dead "
                + "letter, and nothing is emitted.")
        @Default("Warn")
        UnservedPlatforms unservedPlatforms,
    @JsonPropertyDescription(
            "Whether intake is paused for all platforms: no entry is read or claimed."
                + " Entries in flight are finished.")
        @Default("false")
        @Live
        boolean paused,
    @JsonPropertyDescription("The platforms whose intake is paused; they must be among platforms.")
        @Size(max = 64)
        @Unique
        @Live
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Pattern("^[a-z0-9_-]+$") @Size(min = 1, max = 63) String> pausedPlatforms) {

  private static final String PLATFORM = "{platform}";

  private static final String DEFAULT_STREAM_TEMPLATE = "sg:stream:outbound:" + PLATFORM;

  /** The default of {@code maxLength}. */
  public static final long DEFAULT_MAX_LENGTH = 100_000;

  public OutboundSpec {
    platforms = Copies.of(platforms);
    pausedPlatforms = Copies.of(pausedPlatforms);
  }

  /** Whether the intake of a platform is paused. */
  public boolean isPaused(String platform) {
    return paused || pausedPlatforms.contains(platform);
  }

  /** The stream of a platform. */
  public String streamOf(String platform) {
    return streamOf(streamTemplate, platform);
  }

  /** The default stream of a platform, for workers that emit to it and have no outbound spec. */
  public static String defaultStreamOf(String platform) {
    return streamOf(DEFAULT_STREAM_TEMPLATE, platform);
  }

  private static String streamOf(String template, String platform) {
    return template.replace(PLATFORM, platform);
  }

  /** The consumer group for a platform's stream. */
  public String groupOf(String platform) {
    return group.replace(PLATFORM, platform);
  }
}
