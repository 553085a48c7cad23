package io.streamfleet.torture.testbed;

import io.streamfleet.torture.evidence.Rules;

/**
 * The configuration of the workers.
 *
 * @param fromEnd whether groups start at the end of their stream
 * @param blockMillis how long a read blocks; differs in a changed manifest, so that the fleet rolls
 */
record Manifest(Timing timing, Rules rules, boolean fromEnd, int blockMillis) {

  private static final int BLOCK = 1_000;
  private static final int OTHER_BLOCK = 800;

  Manifest(Timing timing, Rules rules, boolean fromEnd) {
    this(timing, rules, fromEnd, BLOCK);
  }

  /** A different manifest that a fleet can be rolled to. */
  Manifest changed() {
    return new Manifest(timing, rules, fromEnd, blockMillis == BLOCK ? OTHER_BLOCK : BLOCK);
  }

  String text(String redisUrl, boolean cluster, String handlerUrl, int workers) {
    return written(redisUrl, cluster, http(handlerUrl), workers);
  }

  /** With a Java handler, whose option is the URL of the HTTP handler it asks. */
  String textInJava(String redisUrl, boolean cluster, String handlerClass, String handlerUrl) {
    return written(
        redisUrl,
        cluster,
        "{class: %s, options: {url: \"%s\"}}".formatted(handlerClass, handlerUrl),
        1);
  }

  /** For a worker that reads another inbound stream with the same channels, and nothing else. */
  String textOfOther(String stream, String redisUrl, boolean cluster, String handlerUrl) {
    return redis(redisUrl, cluster) + inbound(stream, http(handlerUrl)) + rest(1);
  }

  private String written(String redisUrl, boolean cluster, String handler, int workers) {
    return redis(redisUrl, cluster)
        + inbound(Names.IN, handler)
        + outbound(handler)
        + rest(workers);
  }

  private String http(String handlerUrl) {
    return "{http: {url: \"%s\", timeout: %s}}"
        .formatted(handlerUrl, millis(timing.handlerTimeout()));
  }

  private String redis(String url, boolean cluster) {
    return """
    redis: {url: "%s", cluster: %s, commandTimeout: %s}
    """
        .formatted(url, cluster, millis(timing.commandTimeout()));
  }

  private String inbound(String stream, String handler) {
    return """
    inbound:
      streams: ["%s"]
      group: "%s"
      startFrom: %s
      ordering: {mode: Channel, lockTtl: %s, lockTemplate: "%s"}
      handler: %s
    """
        .formatted(
            stream,
            Names.GROUPS.getFirst().group(),
            start(),
            millis(timing.lockTtl()),
            Names.LOCK,
            handler);
  }

  private String outbound(String handler) {
    return """
    outbound:
      platforms: [echo]
      streamTemplate: "torture:out:{platform}"
      group: "%s"
      startFrom: %s
      handler: %s
    """
        .formatted(Names.GROUPS.getLast().group(), start(), handler);
  }

  private String rest(int workers) {
    return """
    read: {batchSize: 16, block: %dms, maxInFlight: 32, maxBytes: 4Mi}
    autoclaim: {interval: %s, minIdle: %s, maxDeliveries: %d}
    retry: {maxAttempts: %d, initialBackoff: 100ms, maxBackoff: 30s}
    deadLetter: {stream: "%s", maxLength: 0}
    workers: {replicas: %d, drainTimeout: %s}
    """
        .formatted(
            blockMillis,
            millis(timing.sweepInterval()),
            millis(timing.minIdle()),
            rules.maxDeliveries(),
            rules.maxAttempts(),
            Names.DEAD,
            workers,
            millis(timing.drainTimeout()));
  }

  private String start() {
    return fromEnd ? "End" : "Beginning";
  }

  private static String millis(java.time.Duration duration) {
    return duration.toMillis() + "ms";
  }
}
