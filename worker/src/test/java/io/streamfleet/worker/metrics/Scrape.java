package io.streamfleet.worker.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** What Prometheus reads from a registry. */
record Scrape(List<String> lines) {

  static Scrape of(CollectorRegistry registry) {
    StringWriter text = new StringWriter();
    try {
      TextFormat.write004(text, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Scrape(text.toString().lines().toList());
  }

  /** The samples whose line begins so, as they stand. */
  List<String> samples(String prefix) {
    return lines.stream().filter(line -> line.startsWith(prefix)).toList();
  }
}
