package io.streamfleet.torture.plan;

import java.time.Duration;

/** What may be wrong with the handler as a whole, whatever messages ask of it. */
public enum HandlerTrouble {
  /** Nobody listens; who is connected is hung up on. */
  AWAY,
  /** It answers 503 to everything. */
  BUSY,
  /** It takes every message and answers none. */
  HANGING,
  /** It answers 503 half of the time. */
  FLAPPING,
  /** It dies with all that it has, and comes back, three times. */
  DYING;

  /** How often one that dies does. */
  public static final int DEATHS = 3;

  /** One that hangs is noticed when the workers' patience with a call is over, after 9 s. */
  private static final Duration BEYOND_PATIENCE = Duration.ofSeconds(10);

  /** A breaker that opens by time takes a second. */
  private static final Duration NOTICED = Duration.ofSeconds(2);

  /**
   * For how long.
   *
   * @param more a moment out of the seed
   */
  Duration length(Duration more) {
    return more.plus(this == HANGING ? BEYOND_PATIENCE : NOTICED);
  }
}
