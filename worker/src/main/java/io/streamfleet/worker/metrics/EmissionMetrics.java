package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the messages that handlers emit. The platform of an answer comes from outside, and with it
 * the name of the stream. Series are never removed, so only a limited number of streams have their
 * own.
 */
final class EmissionMetrics {

  /** A resource has at most 64 platforms; further ones may belong to other gateways. */
  static final int MOST_STREAMS = 256;

  /** The label for all further streams. No stream has this name by default. */
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

  /** Two threads at the limit may both add a stream, which does no harm. */
  void emitted(String stream, int count) {
    boolean own = known.contains(stream) || (known.size() < MOST_STREAMS && known.add(stream));
    messages.labels(own ? stream : OTHER).inc(count);
  }
}
