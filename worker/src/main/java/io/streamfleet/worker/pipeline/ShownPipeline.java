package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.lane.Lanes;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.observe.WorkerMetrics;
import io.streamfleet.worker.read.Room;

/**
 * What the metrics show of a pipeline at each moment.
 *
 * @param name the label of its series
 */
record ShownPipeline(String name, Pipeline pipeline, Standstill standstill, LongestCall longest) {

  void in(WorkerMetrics metrics) {
    Lanes lanes = pipeline.lanes();
    metrics.showPipeline(
        name,
        pipeline.credits()::most,
        lanes == null ? () -> 0 : lanes::size,
        lanes == null ? () -> 0 : lanes::parkedCount,
        lanes == null ? () -> 0 : lanes::refusedCount);
    Room.Share payloads = pipeline.credits().room();
    metrics.showPayloads(name, payloads::taken, payloads.room().most());
    for (Flow flow : pipeline.flows()) {
      StreamName stream = flow.stream();
      metrics.showHand(
          name, stream.stream(), stream.group(), flow.hand()::size, pipeline.intake()::isPaused);
    }
    metrics.showStandstill(name, standstill::nanos);
    metrics.showLongestCall(name, longest::nanos);
    EventLoop loop = pipeline.loop();
    metrics.showLoop(name, () -> loop.now() - loop.lastTurn());
  }
}
