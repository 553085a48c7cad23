package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.Lanes;
import java.util.List;
import java.util.function.Consumer;

/**
 * The end of each turn of the loop: what was gathered goes off in batches. A part that fails does
 * not keep those behind it from their work.
 */
final class TurnFlush {

  private final PipelineContext pipeline;
  private final Consumer<Throwable> failed;

  private final List<Runnable> parts =
      List.of(this::bringInPending, this::read, this::start, this::settle);

  /**
   * @param failed hears of a part that failed
   */
  TurnFlush(PipelineContext pipeline, Consumer<Throwable> failed) {
    this.pipeline = pipeline;
    this.failed = failed;
  }

  void run() {
    for (Runnable part : parts) {
      try {
        part.run();
      } catch (RuntimeException | Error e) {
        failed.accept(e);
      }
    }
  }

  private void bringInPending() {
    pipeline.intakes().forEach(StreamIntake::bringInPending);
  }

  private void read() {
    pipeline.credits().turn(this::wantsRoom);
    pipeline.intakes().forEach(StreamIntake::read);
    pipeline.intakeSwitch().turn(pipeline.intakes());
  }

  private boolean wantsRoom() {
    return pipeline.tooManyParked(0) || pipeline.intakes().stream().anyMatch(StreamIntake::waits);
  }

  private void start() {
    Lanes ordered = pipeline.lanes();
    if (ordered != null) {
      ordered.turn();
    }
    pipeline.unordered().turn();
    pipeline.dispatcher().turn();
  }

  private void settle() {
    pipeline.settlement().turn(pipeline.dispatcher().running() == 0);
  }
}
