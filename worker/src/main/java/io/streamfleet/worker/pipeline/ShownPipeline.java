package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.Lanes;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.read.Room;

/**
 * What the metrics show of a pipeline at each moment.
 *
 * @param name the label of its series
 */
record ShownPipeline(
    String name, PipelineContext pipeline, StallDetector standstill, LongestCall longest) {

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
    for (StreamIntake intake : pipeline.intakes()) {
      StreamConsumer stream = intake.stream();
      metrics.showInFlight(
          name,
          stream.stream(),
          stream.group(),
          intake.pending()::size,
          pipeline.intakeSwitch()::isPaused);
    }
    metrics.showStandstill(name, standstill::nanos);
    metrics.showLongestCall(name, longest::nanos);
    EventLoop loop = pipeline.loop();
    metrics.showLoop(name, () -> loop.now() - loop.lastTurn());
  }
}
