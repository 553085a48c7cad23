package io.streamfleet.testkit;

import io.streamfleet.handler.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a worker would settle the entry after a call of the handler. */
public sealed interface TrialOutcome {

  /**
   * The entry would be acknowledged.
   *
   * @param emitted the messages that would be appended to outbound streams, decoded again: whole
   *     numbers are {@code Long}
   */
  record Done(List<OutboundMessage> emitted) implements TrialOutcome {}

  /**
   * The entry would be retried, up to {@code retry.maxAttempts} attempts in all.
   *
   * @param failure the text in the log and the dead letter
   * @param after the delay that the handler asked for, if any
   */
  record TryAgain(String failure, Optional<Duration> after) implements TrialOutcome {}

  /**
   * The entry would be retried without using an attempt, because something that the handler needs
   * is unavailable.
   *
   * @param failure the text in the log
   * @param after how long the handler asked to get no calls, if it did
   */
  record Unavailable(String failure, Optional<Duration> after) implements TrialOutcome {}

  /**
   * The entry would be retried without using an attempt, because a limit of its channel is used up.
   *
   * @param failure the text in the log
   * @param after how long the channel should wait, if the handler said so
   */
  record ChannelLimited(String failure, Optional<Duration> after) implements TrialOutcome {}

  /**
   * The entry would become a dead letter.
   *
   * @param failure the text in the log and the dead letter
   */
  record NeverAgain(String failure) implements TrialOutcome {}
}
