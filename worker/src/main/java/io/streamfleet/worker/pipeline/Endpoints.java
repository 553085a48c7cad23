package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Breakers;
import io.streamfleet.worker.limit.EndpointRoom;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.suspect.Trials;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The endpoints of all handlers of a worker. Pipelines whose handlers have the same endpoint share
 * its state. Belongs to one thread.
 */
public final class Endpoints {

  private final Breakers breakers;
  private final Trials trials;
  private final Map<String, EndpointRoom> rooms = new HashMap<>();

  /**
   * @param metrics shows the state of breakers and trials
   */
  public Endpoints(LongSupplier nanoTime, WorkerMetrics metrics) {
    this.breakers = new Breakers(nanoTime, metrics.breakers());
    this.trials = new Trials(metrics.suspects());
  }

  /**
   * The state of an endpoint; the same one each time.
   *
   * @param name scheme, host and port, or the pipeline's name for a Java or built-in handler
   */
  Endpoint of(String name) {
    return new Endpoint(
        breakers.of(name),
        trials.ofProcess(),
        trials.ofEndpoint(name),
        rooms.computeIfAbsent(name, _ -> new EndpointRoom()));
  }
}
