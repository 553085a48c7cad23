package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what handlers emit. The platform of an answer comes from outside, and with it the name of
 * the stream: a series is never given back, so only so many streams have one of their own.
 */
final class EmissionMetrics {

  /** A resource has at most 64 platforms; the others are gateways that a fleet does not know. */
  static final int MOST_STREAMS = 256;

  /** Counts what was appended to streams that came later. No stream has this name by default. */
  static final String OTHER = "other";

  private final Counter messages;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  EmissionMetrics(CollectorRegistry registry) {
    messages =
        Counter.build("streamfleet_outbound_emitted_total", "Messages that handlers emitted.")
            .labelNames("stream")
            .withoutExemplars()
            .register(registry);
  }

  /** Two threads that meet at the limit may both be let in. */
  void emitted(String stream, int count) {
    boolean own = known.contains(stream) || (known.size() < MOST_STREAMS && known.add(stream));
    messages.labels(own ? stream : OTHER).inc(count);
  }
}
