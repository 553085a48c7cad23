package io.streamfleet.testkit;

import io.streamfleet.handler.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a worker makes of a call of a handler. */
public sealed interface TrialOutcome {

  /**
   * The entry would be acknowledged.
   *
   * @param emitted what would be appended to the outbound streams, as a reader finds it there:
   *     whole numbers are {@code Long}
   */
  record Done(List<OutboundMessage> emitted) implements TrialOutcome {}

  /**
   * It would be tried again, until {@code retry.maxAttempts}.
   *
   * @param failure what log and dead letter would say
   * @param after what the handler wishes to wait, if it does
   */
  record TryAgain(String failure, Optional<Duration> after) implements TrialOutcome {}

  /**
   * It would be tried again without an attempt used up, for what the handler needs is away.
   *
   * @param failure what the log would say
   * @param after how long the handler wishes to be left alone, if it does
   */
  record Unavailable(String failure, Optional<Duration> after) implements TrialOutcome {}

  /**
   * It would go to the dead letters.
   *
   * @param failure what log and dead letter would say
   */
  record NeverAgain(String failure) implements TrialOutcome {}
}
