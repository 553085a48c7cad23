package io.streamfleet.worker.suspect;

import io.streamfleet.worker.metrics.SuspectMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The trials of a worker: one for what may kill its process, and one for each endpoint of handlers.
 * Safe for any thread.
 */
public final class Trials {

  private final Trial ofProcess = new Trial();
  private final Map<String, Trial> ofEndpoints = new ConcurrentHashMap<>();

  /**
   * @param metrics where it shows whether any is on
   */
  public Trials(SuspectMetrics metrics) {
    metrics.showTrial(this::anyIsOn);
  }

  public Trial ofProcess() {
    return ofProcess;
  }

  /** The trial of an endpoint; always the same. */
  public Trial ofEndpoint(String endpoint) {
    return ofEndpoints.computeIfAbsent(endpoint, _ -> new Trial());
  }

  private boolean anyIsOn() {
    return ofProcess.isOn() || ofEndpoints.values().stream().anyMatch(Trial::isOn);
  }
}
