package io.streamfleet.worker.pipeline;

import java.util.stream.Collectors;

/** What a pipeline has to do at the moment, for who notices that it is not done. */
record WorkToDo(Shared shared, EntryPath path) {

  /**
   * Whether nothing has to move: handlers are at work or unavailable, suspects are tried, or there
   * is nothing to do yet.
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
   * Whether a stream has nothing to be done but to wait for what is new, and that is asked for; or
   * nothing at all, until the pause ends.
   */
  private boolean isIdle(StreamIntake intake) {
    return intake.entries().pending().size() == 0
        && (!shared.intakeSwitch().isOpen()
            || (intake.parts().source().reading() && !intake.entries().pending().hasWaiting()));
  }

  /** What there is to do, and what fails. */
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
