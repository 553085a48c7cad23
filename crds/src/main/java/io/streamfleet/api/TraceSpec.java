package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/** Where the states of entries with a trace id are recorded. */
public record TraceSpec(
    @JsonPropertyDescription("Whether traces are recorded.") @Default("true") boolean enabled,
    @JsonPropertyDescription("The key of a trace's hash; {trace_id} stands for the trace id.")
        @Default("sg:trace:{trace_id}")
        @Size(min = 1, max = 512)
        @ValidationRule(
            value = "self.contains('{trace_id}')",
            message = "must contain {trace_id}, or all traces would share one hash")
        String keyTemplate,
    @JsonPropertyDescription("The set of the active traces.")
        @Default("sg:traces:active")
        @Size(min = 1, max = 512)
        String activeSet,
    @JsonPropertyDescription("How long a trace is kept after its last change.")
        @WireDuration
        @Default("24h")
        @ValidationRule(value = "duration(self) >= duration('1s')", message = "must be at least 1s")
        Duration ttl) {}
