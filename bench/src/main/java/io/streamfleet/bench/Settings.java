package io.streamfleet.bench;

/**
 * What differs between the manifests of the bench.
 *
 * @param name of the files of this worker
 * @param ordered by channel, or not at all
 * @param traced whether the fate of each entry is recorded in Redis
 * @param handler the YAML of {@code spec.inbound.handler}
 */
record Settings(String name, String stream, boolean ordered, boolean traced, String handler) {

  private static final String DISCARD = "{builtin: Discard}";

  static Settings discarding(String name, String stream, boolean ordered, boolean traced) {
    return new Settings(name, stream, ordered, traced, DISCARD);
  }

  String manifest(String redisUrl) {
    return """
        redis: {url: "%s"}
        inbound:
          streams: ["%s"]
          group: %s
          ordering: {mode: %s}
          handler: %s
        read: {batchSize: 500, maxInFlight: 10000}
        trace: {enabled: %s}
        """
        .formatted(redisUrl, stream, Lab.GROUP, ordered ? "Channel" : "None", handler, traced);
  }
}
