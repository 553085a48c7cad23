package io.streamfleet.bench;

import io.streamfleet.bench.plot.Chart;

/**
 * A plot in a file of its own.
 *
 * @param file its name, next to the report
 */
record Figure(String file, Chart chart) {

  String markdown() {
    return "![%s](%s)\n".formatted(chart.title(), file);
  }
}
