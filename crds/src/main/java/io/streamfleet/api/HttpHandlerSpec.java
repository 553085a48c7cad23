package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A handler behind HTTP: a sidecar, or a Service. */
public record HttpHandlerSpec(
    @JsonPropertyDescription(
            "The URL that entries are posted to: http://, https://, or unix:///path/of.sock:/path"
                + " for a Unix domain socket; {platform} stands for the platform of an outbound"
                + " entry.")
        @Pattern("^(https?://|unix:///)\\S+$")
        @Size(min = 8, max = 2048)
        @ValidationRule(
            value = "!self.matches('^https?://[^/?#]*@')",
            message = "must not carry a user or password")
        @ValidationRule(
            value = "!self.matches('^https?://[^/?#:]*_')",
            message =
                "must not have an underscore in its host name: letters, digits, dots and hyphens"
                    + " are valid there")
        @ValidationRule(
            value = "!self.matches('^unix:///') || self.matches('^unix:///[^:]{1,106}(:/.*)?$')",
            message =
                "must name a socket by its absolute path of at most 107 bytes and, behind a colon,"
                    + " the path to post to: unix:///run/bot.sock:/messages")
        String url,
    @JsonPropertyDescription("How long an answer may take before the attempt counts as failed.")
        @WireDuration
        @Default("30s")
        @ValidationRule(
            value = "duration(self) >= duration('10ms') && duration(self) <= duration('24h')",
            message = "must be between 10ms and 24h")
        @Live
        Duration timeout,
    @JsonPropertyDescription("Headers that are sent with every request.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, String> headers,
    @JsonPropertyDescription(
            "Posts several messages in one request, as CloudEvents in batched mode, with a result"
                + " for each; never two of one channel, unless there is no order. Each message has"
                + " a request of its own if absent.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable BatchSpec batch) {

  public HttpHandlerSpec {
    headers = Copies.of(headers);
  }
}
