package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet reads, who handles it, and how: the only configuration there is.
 *
 * <p>Defaults, bounds, patterns and rules are declared here and in the types of the components,
 * once. The schema of the CRD is generated from them; {@link Manifest} reads by that schema.
 */
@ValidationRule(
    value = "has(self.inbound) || has(self.outbound)",
    message = "at least one of inbound, outbound must be set")
@ValidationRule(
    value =
        "!has(self.inbound) || !has(self.inbound.streams) || !has(self.deadLetter) ||"
            + " !has(self.deadLetter.stream) || !(self.deadLetter.stream in self.inbound.streams)",
    message = "deadLetter.stream must not be one of inbound.streams")
@ValidationRule(
    value =
        "!has(self.inbound) || !has(self.inbound.streams) || !has(self.outbound) ||"
            + " !has(self.outbound.streamTemplate) ||"
            + " !(self.outbound.streamTemplate in self.inbound.streams)",
    message =
        "outbound.streamTemplate must not be one of inbound.streams: what is sent out would be"
            + " handled again for ever")
@ValidationRule(
    value =
        "!has(self.outbound) || !has(self.outbound.streamTemplate) || !has(self.deadLetter) ||"
            + " !has(self.deadLetter.stream) ||"
            + " self.outbound.streamTemplate != self.deadLetter.stream",
    message =
        "outbound.streamTemplate must not be deadLetter.stream: dead letters would be handled again"
            + " for ever")
@ValidationRule(
    value =
        "!has(self.retry) || !has(self.retry.maxAttempts) || !has(self.autoclaim) ||"
            + " !has(self.autoclaim.maxDeliveries) || self.retry.maxAttempts <="
            + " self.autoclaim.maxDeliveries",
    message =
        "retry.maxAttempts must not be above autoclaim.maxDeliveries: an attempt counts as a"
            + " delivery")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StreamConsumerGroupSpec(
    @JsonPropertyDescription("Where Redis is and how it is reached.") @Required RedisSpec redis,
    @JsonPropertyDescription("What comes in from the platforms; nothing if absent.")
        @Nullable InboundSpec inbound,
    @JsonPropertyDescription("What goes out to the platforms; nothing if absent.")
        @Nullable OutboundSpec outbound,
    @JsonPropertyDescription("How entries are read.") ReadSpec read,
    @JsonPropertyDescription("How entries of consumers that went away are taken over.") @Live
        AutoclaimSpec autoclaim,
    @JsonPropertyDescription("How a failed entry is tried again.") @Live RetrySpec retry,
    @JsonPropertyDescription("Where entries go that cannot be handled.") DeadLetterSpec deadLetter,
    @JsonPropertyDescription("Where the fate of an entry with a trace id is recorded.") @Live
        TraceSpec trace,
    @JsonPropertyDescription("The channels on which workers are told things.") ControlSpec control,
    @JsonPropertyDescription("The pods that do the work.") WorkersSpec workers,
    @JsonPropertyDescription("How the number of workers follows the lag; it does not if absent.")
        @Nullable AutoscalingSpec autoscaling,
    @JsonPropertyDescription("What becomes of consumer names that nobody uses any more.")
        ConsumersSpec consumers,
    @JsonPropertyDescription("How Prometheus finds the workers.") MonitoringSpec monitoring,
    @JsonPropertyDescription("What the workers may be reached by.") NetworkPolicySpec networkPolicy,
    @JsonPropertyDescription(
            "What becomes of the groups in Redis when the resource is deleted; the streams stay in"
                + " any case.")
        @Default("Retain")
        DeletionPolicy deletionPolicy,
    @JsonPropertyDescription("Whether the operator leaves everything as it is.") @Default("false")
        boolean paused) {}
