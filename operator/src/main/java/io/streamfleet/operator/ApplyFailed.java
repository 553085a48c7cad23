package io.streamfleet.operator;

import io.streamfleet.api.StreamConsumerGroupStatus;
import java.util.List;

/** Objects could not be written. Carries the report on it to where it is written. */
@SuppressWarnings("serial") // Never leaves the process.
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
