package io.streamfleet.worker.pipeline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.worker.entry.Entry;
import java.time.Duration;
import java.util.Comparator;

/**
 * A report of what a pipeline has in flight and since when, served over HTTP. It contains neither
 * payloads nor channels, since the port has no authentication.
 */
final class InFlightReport {

  /**
   * The most entries of a stream in a report: enough for a person, and the reply stays below 1 MB.
   */
  private static final int MOST = 1_000;

  private InFlightReport() {}

  /** Adds the streams of a pipeline to a report. Called on the pipeline's loop. */
  static void add(ArrayNode streams, Shared shared, EntryPath path) {
    long now = shared.loop().now();
    for (StreamIntake intake : path.intakes()) {
      streams.add(of(intake.entries(), now));
    }
  }

  private static ObjectNode of(StreamEntries entries, long now) {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("stream", entries.stream().stream());
    report.put("group", entries.stream().group());
    report.put("consumer", entries.stream().consumer());
    report.put("in_flight", entries.pending().size());
    report.put("parked", entries.pending().parked().size());
    report.put("waiting_for_room", entries.pending().waitingCount());
    ArrayNode oldest = report.putArray("entries");
    entries.pending().entries().stream()
        .sorted(Comparator.comparingLong(Entry::arrivedAt))
        .limit(MOST)
        .forEach(entry -> oldest.add(of(entry, now)));
    return report;
  }

  private static ObjectNode of(Entry entry, long now) {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    boolean handled = entry.isHandled();
    report.put("id", entry.id());
    report.put("attempt", entry.attempt());
    report.put("state", handled ? "handled" : entry.settling() ? "settling" : "waiting");
    report.put("in_flight_ms", Duration.ofNanos(now - entry.arrivedAt()).toMillis());
    if (handled) {
      report.put("handled_ms", Duration.ofNanos(now - entry.startedAt()).toMillis());
    }
    return report;
  }
}
