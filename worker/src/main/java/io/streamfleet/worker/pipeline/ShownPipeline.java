package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.DispatchOrders;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.read.Room;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Registers the gauges of a pipeline. */
record ShownPipeline(Shared shared, EntryPath path, StallDetector standstill, LongestCall longest) {

  void in(WorkerMetrics metrics) {
    String name = shared.settings().name();
    DispatchOrders orders = path.orders();
    metrics.showPipeline(
        name,
        shared.credits()::most,
        orders::laneCount,
        () -> Math.max(0, path.known().count() - path.attempts().parked()),
        orders::refusedCount);
    metrics.showParkedRetries(name, path.attempts()::parked);
    Room.Share payloads = shared.credits().room();
    metrics.showPayloads(name, payloads::taken, payloads.room().most());
    Map<String, List<StreamIntake>> byName = new LinkedHashMap<>();
    for (StreamIntake intake : path.intakes()) {
      byName
          .computeIfAbsent(shared.settings().nameOf(intake.stream()), _ -> new ArrayList<>())
          .add(intake);
    }
    byName.forEach(
        (stream, intakes) ->
            metrics.showInFlight(
                name,
                stream,
                intakes.getFirst().stream().group(),
                () -> intakes.stream().mapToInt(it -> it.entries().pending().size()).sum(),
                shared.intakeSwitch()::isPaused));
    metrics.limits().show(name, () -> path.dispatcher().limited() + path.attempts().limited());
    metrics.showStandstill(name, standstill::nanos);
    metrics.showLongestCall(name, longest::nanos);
    EventLoop loop = shared.loop();
    metrics.showLoop(name, () -> loop.now() - loop.lastTurn());
  }
}
