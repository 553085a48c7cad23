package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Breakers;
import io.streamfleet.worker.limit.EndpointRoom;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.suspect.Trials;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The endpoints of all handlers of a worker: pipelines whose handlers have the same one share its
 * state. To be asked by one thread.
 */
public final class Endpoints {

  private final Breakers breakers;
  private final Trials trials;
  private final Map<String, EndpointRoom> rooms = new HashMap<>();

  /**
   * @param metrics where it shows how they are
   */
  public Endpoints(LongSupplier nanoTime, WorkerMetrics metrics) {
    this.breakers = new Breakers(nanoTime, metrics.breakers());
    this.trials = new Trials(metrics.suspects());
  }

  /**
   * An endpoint; always the same.
   *
   * @param name a scheme, host and port, or the pipeline's name for a handler in Java
   */
  Endpoint of(String name) {
    return new Endpoint(
        breakers.of(name),
        trials.ofProcess(),
        trials.ofEndpoint(name),
        rooms.computeIfAbsent(name, _ -> new EndpointRoom()));
  }
}
