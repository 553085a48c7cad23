package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/** How unused consumers are cleaned up. */
public record ConsumersSpec(
    @JsonPropertyDescription(
            "Own: only names of gone pods of this resource are removed; Idle: any "
                + "name that was idle for longer than idleFor. A name with pending entries "
                + "is never removed.")
        @Default("Own")
        ConsumerCleanup cleanup,
    @JsonPropertyDescription("How long a name must be idle to be removed by cleanup: Idle.")
        @WireDuration
        @Default("1h")
        @ValidationRule(value = "duration(self) >= duration('1m')", message = "must be at least 1m")
        Duration idleFor) {}
