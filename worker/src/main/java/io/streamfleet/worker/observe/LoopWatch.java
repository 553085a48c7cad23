package io.streamfleet.worker.observe;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import io.streamfleet.process.health.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * Watches that loops turn: a stuck one fails liveness (nothing but a restart frees its thread) and
 * readiness, and shows in {@code streamfleet_loop_last_turn_seconds}.
 */
public final class LoopWatch extends Collector implements Collector.Describable {

  private final Health health;
  private final LongSupplier nanoClock;
  private final Map<String, Heartbeat> loops = new ConcurrentSkipListMap<>();

  /**
   * @param nanoClock such as {@code System::nanoTime}
   */
  public LoopWatch(Health health, LongSupplier nanoClock) {
    this.health = health;
    this.nanoClock = nanoClock;
  }

  /**
   * Begins to watch a loop; its first turn is due within the bound from now.
   *
   * @param loop names it in probes and metrics; one of a closed set
   * @param bound longer than the loop's longest wait by design, so that only a stuck loop misses it
   * @throws IllegalArgumentException if a loop of that name is watched already
   */
  public Heartbeat watch(String loop, Duration bound) {
    String check = "loop " + loop;
    Heartbeat heartbeat =
        new Heartbeat(
            bound,
            nanoClock,
            () -> {
              health.drop(check);
              loops.remove(loop);
            });
    health.requireForLife(check, heartbeat);
    health.requireForReadiness(check, heartbeat);
    loops.put(loop, heartbeat);
    return heartbeat;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily lastTurn = family();
    loops.forEach(
        (loop, heartbeat) ->
            lastTurn.addMetric(
                List.of(loop), heartbeat.sinceLastTurn().toNanos() / NANOSECONDS_PER_SECOND));
    return List.of(lastTurn);
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return List.of(family());
  }

  private static GaugeMetricFamily family() {
    return new GaugeMetricFamily(
        "streamfleet_loop_last_turn_seconds", "Time since a loop last turned.", List.of("loop"));
  }
}
