package io.streamfleet.worker.suspect;

import io.streamfleet.worker.metrics.SuspectMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The trials of a worker: one for entries that may kill its process, and one for each handler
 * endpoint. Thread-safe.
 */
public final class Trials {

  private final Trial ofProcess = new Trial();
  private final Map<String, Trial> ofEndpoints = new ConcurrentHashMap<>();

  /**
   * @param metrics shows whether any trial is on
   */
  public Trials(SuspectMetrics metrics) {
    metrics.showTrial(this::anyIsOn);
  }

  public Trial ofProcess() {
    return ofProcess;
  }

  /** The trial of an endpoint; the same one each time. */
  public Trial ofEndpoint(String endpoint) {
    return ofEndpoints.computeIfAbsent(endpoint, _ -> new Trial());
  }

  private boolean anyIsOn() {
    return ofProcess.isOn() || ofEndpoints.values().stream().anyMatch(Trial::isOn);
  }
}
