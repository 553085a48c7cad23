package io.streamfleet.operator;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives the operator time to create the groups before the workers start. If it takes too long the
 * workers create them.
 */
final class GroupsFirst {

  /** A new fleet's workers wait this long for their groups; then they create them themselves. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private GroupsFirst() {}

  /** Waits until the groups exist, or the timeout is over. */
  static void await(CompletableFuture<Boolean> groups) throws InterruptedException {
    try {
      groups.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException tooLate) {
      // The failure shows in the status and is retried.
      return;
    }
  }
}
