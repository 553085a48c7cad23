package io.streamfleet.worker.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import java.util.Collections;
import java.util.List;

/**
 * The metrics of the JVM and the process. They are created at the first scrape, since they load the
 * management beans, which would compete with the first entries for processor time at the start.
 */
final class JvmMetrics extends Collector {

  private final CollectorRegistry own = new CollectorRegistry();
  private boolean made;

  @Override
  public synchronized List<MetricFamilySamples> collect() {
    if (!made) {
      DefaultExports.register(own);
      made = true;
    }
    return Collections.list(own.metricFamilySamples());
  }
}
