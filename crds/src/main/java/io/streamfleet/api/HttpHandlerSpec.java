package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Map;

/** A handler behind HTTP: a sidecar, or a Service. */
public record HttpHandlerSpec(
    @JsonPropertyDescription(
            "The URL that entries are posted to; {platform} stands for the platform "
                + "of an outbound entry.")
        @Pattern("^https?://\\S+$")
        @Size(min = 8, max = 2048)
        @ValidationRule(
            value = "!self.matches('^https?://[^/?#]*@')",
            message = "must not carry a user or password")
        @ValidationRule(
            value = "!self.matches('^https?://[^/?#:]*_')",
            message =
                "must not have an underscore in its host name: letters, digits, dots and hyphens"
                    + " are valid there")
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
        Map<String, String> headers) {

  public HttpHandlerSpec {
    headers = Copies.of(headers);
  }
}
