package io.streamfleet.torture.field;

import io.streamfleet.torture.evidence.Rules;

/**
 * The configuration of the workers.
 *
 * @param batchSize the number of entries that they read at once, which a changed one has otherwise
 */
record Manifest(Timing timing, Rules rules, int batchSize) {

  private static final int BATCH = 16;
  private static final int OTHER_BATCH = 5;

  Manifest(Timing timing, Rules rules) {
    this(timing, rules, BATCH);
  }

  /** Another one that a fleet can be rolled to. */
  Manifest changed() {
    return new Manifest(timing, rules, batchSize == BATCH ? OTHER_BATCH : BATCH);
  }

  String text(String redisUrl, boolean cluster, String handlerUrl, int workers) {
    return """
    redis: {url: "%s", cluster: %s, commandTimeout: %s}
    inbound:
      streams: ["%s"]
      group: "%s"
      ordering: {mode: Channel, lockTtl: %s, lockTemplate: "%s"}
      handler: {http: {url: "%s", timeout: %s}}
    outbound:
      platforms: [echo]
      streamTemplate: "torture:out:{platform}"
      group: "%s"
      handler: {http: {url: "%s", timeout: %s}}
    read: {batchSize: %d, block: 1s, maxInFlight: 32, maxBytes: 4Mi}
    autoclaim: {interval: %s, minIdle: %s, maxDeliveries: %d}
    retry: {maxAttempts: %d, initialBackoff: 100ms, maxBackoff: 1s}
    deadLetter: {stream: "%s", maxLength: 0}
    workers: {replicas: %d, drainTimeout: %s}
    """
        .formatted(
            redisUrl,
            cluster,
            millis(timing.commandTimeout()),
            Names.IN,
            Names.GROUPS.getFirst().group(),
            millis(timing.lockTtl()),
            Names.LOCK,
            handlerUrl,
            millis(timing.handlerTimeout()),
            Names.GROUPS.getLast().group(),
            handlerUrl,
            millis(timing.handlerTimeout()),
            batchSize,
            millis(timing.sweepInterval()),
            millis(timing.minIdle()),
            rules.maxDeliveries(),
            rules.maxAttempts(),
            Names.DEAD,
            workers,
            millis(timing.drainTimeout()));
  }

  private static String millis(java.time.Duration duration) {
    return duration.toMillis() + "ms";
  }
}
