package io.streamfleet.operator;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Groups first, but not at any price: workers make their groups themselves if need be. */
final class GroupsFirst {

  /** A new fleet's workers wait this long for their groups; then they make them themselves. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private GroupsFirst() {}

  /** Waits until Redis has answered, or for as long as it is worth it. */
  static void await(CompletableFuture<Boolean> groups) throws InterruptedException {
    try {
      groups.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException tooLate) {
      // It shows in the status, and is tried again.
      return;
    }
  }
}
