package io.streamfleet.operator;

import io.streamfleet.api.StreamConsumerGroupStatus;
import java.util.List;

/** Thrown when objects could not be applied. Carries the status to be written for it. */
@SuppressWarnings("serial") // Never serialized.
final class ApplyFailed extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final StreamConsumerGroupStatus status;

  ApplyFailed(StreamConsumerGroupStatus status, List<String> failures) {
    super(String.join("; ", failures));
    this.status = status;
  }

  StreamConsumerGroupStatus status() {
    return status;
  }
}
