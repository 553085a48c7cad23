package io.streamfleet.apiserver.write;

import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Times as Kubernetes writes them: whole seconds, in UTC. */
public final class Timestamps {

  private Timestamps() {}

  /** The present time. */
  public static String now(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
