package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.read.EntrySource;
import java.util.stream.Collectors;

/** What a pipeline has to do now, for {@link StallDetector}. */
record WorkToDo(Shared shared, EntryPath path) {

  /**
   * Whether a pause is right: handlers are running or unavailable, suspects are being tried,
   * entries wait for limits or retries, or there is nothing to do.
   */
  boolean isNone() {
    return path.dispatcher().running() > 0
        || path.admission().isShut()
        || path.admission().isTrialOn()
        || path.dispatcher().limited() > 0
        || path.settlement().waitsForRetries()
        || path.intakes().all().stream().allMatch(this::isIdle);
  }

  /**
   * Whether a stream has no entries and a read is waiting for new ones, or the pipeline is paused.
   */
  private boolean isIdle(StreamIntake intake) {
    EntrySource source = intake.parts().source();
    return intake.entries().pending().size() == 0
        && (!shared.intakeSwitch().isOpen()
            || ((source.reading() || source.isOff()) && !intake.entries().pending().hasWaiting()));
  }

  /** Describes what there is to do, and what fails. */
  String text() {
    return path.intakes().all().stream().map(WorkToDo::text).collect(Collectors.joining("; "))
        + shared.failing().any().map(failure -> "; " + failure).orElse("");
  }

  private static String text(StreamIntake intake) {
    return "%s: %d in flight, %d to be fetched, %d parked, %s"
        .formatted(
            intake.stream().stream(),
            intake.entries().pending().size(),
            intake.entries().pending().waitingCount(),
            intake.entries().pending().parked().size(),
            intake.parts().recovery().underWay()
                ? "group to be created again"
                : intake.parts().source().reading() ? "reading" : "not reading");
  }
}
