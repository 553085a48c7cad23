package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.streamfleet.redis.Failures;
import java.util.Optional;

/** The metrics of Redis itself: its connections, errors and clock. */
final class RedisMetrics {

  private final Counter reconnects;
  private final Counter errors;
  private final Gauge writesRefused;
  private final Counter clockJumps;
  private final Counter observationFailures;

  RedisMetrics(CollectorRegistry registry) {
    reconnects =
        Counter.build("streamfleet_redis_reconnects_total", "Reconnections to Redis.")
            .withoutExemplars()
            .register(registry);
    errors =
        Counter.build("streamfleet_redis_errors_total", "Redis calls that failed.")
            .labelNames("operation")
            .withoutExemplars()
            .register(registry);
    writesRefused =
        Gauge.build(
                "streamfleet_redis_refuses_writes",
                "1 for the error with which Redis refuses all writes.")
            .labelNames("reason")
            .register(registry);
    refuses(Optional.empty());
    clockJumps =
        Counter.build("streamfleet_redis_clock_jumps_total", "Jumps of the clock of Redis.")
            .labelNames("direction")
            .withoutExemplars()
            .register(registry);
    // Both exist from the start: an increase shows only in a series that existed before.
    clockJumps.labels("back");
    clockJumps.labels("forward");
    observationFailures =
        Counter.build(
                "streamfleet_observation_failures_total",
                "Rounds in which the groups could not be queried.")
            .withoutExemplars()
            .register(registry);
  }

  void refuses(Optional<String> refusal) {
    String reason = refusal.map(error -> error.split(" ", 2)[0]).orElse("");
    for (String known : Failures.NO_WRITES) {
      writesRefused.labels(known).set(known.equals(reason) ? 1 : 0);
    }
  }

  void reconnected() {
    reconnects.inc();
  }

  void failed(String operation) {
    errors.labels(operation).inc();
  }

  void clockJumped(boolean back) {
    clockJumps.labels(back ? "back" : "forward").inc();
  }

  void observationFailed() {
    observationFailures.inc();
  }
}
