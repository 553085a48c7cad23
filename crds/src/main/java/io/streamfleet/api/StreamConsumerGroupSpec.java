package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet reads and how it is handled: the only configuration.
 *
 * <p>Defaults, bounds, patterns and rules are declared once, here and in the types of the
 * components. The schema of the CRD is generated from them, and {@link Manifest} reads by that
 * schema.
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
    @JsonPropertyDescription("The connection to Redis.") @Required RedisSpec redis,
    @JsonPropertyDescription("The messages from the platforms; none if absent.")
        @Nullable InboundSpec inbound,
    @JsonPropertyDescription("The messages to the platforms; none if absent.")
        @Nullable OutboundSpec outbound,
    @JsonPropertyDescription("How entries are read.") ReadSpec read,
    @JsonPropertyDescription("How entries of dead consumers are claimed.") @Live
        AutoclaimSpec autoclaim,
    @JsonPropertyDescription("How failed entries are retried.") @Live RetrySpec retry,
    @JsonPropertyDescription("Where entries that cannot be handled are kept.")
        DeadLetterSpec deadLetter,
    @JsonPropertyDescription("Where the states of entries with a trace id are recorded.") @Live
        TraceSpec trace,
    @JsonPropertyDescription("What the workers export by OpenTelemetry; nothing if absent.")
        @Nullable TelemetrySpec telemetry,
    @JsonPropertyDescription("The publish/subscribe channels for cancels and notices.")
        ControlSpec control,
    @JsonPropertyDescription("The pods of the workers.") WorkersSpec workers,
    @JsonPropertyDescription("How the number of workers is scaled by the lag; it is not if absent.")
        @Nullable AutoscalingSpec autoscaling,
    @JsonPropertyDescription("How consumer names that are no longer used are cleaned up.")
        ConsumersSpec consumers,
    @JsonPropertyDescription("How Prometheus finds the workers.") MonitoringSpec monitoring,
    @JsonPropertyDescription("How access to the workers is restricted.")
        NetworkPolicySpec networkPolicy,
    @JsonPropertyDescription(
            "Whether the groups in Redis are deleted with the resource; the streams "
                + "are kept in any case.")
        @Default("Retain")
        DeletionPolicy deletionPolicy,
    @JsonPropertyDescription("Whether the operator changes nothing; it still updates the status.")
        @Default("false")
        boolean paused) {}
