package io.streamfleet.worker.trial;

import io.streamfleet.handler.Direction;

/**
 * Where a message comes from, and how often it came.
 *
 * @param id of the entry, such as {@code 1732372000000-0}
 * @param attempt 1 for the first
 */
public record Occasion(Direction direction, String stream, String id, int attempt) {

  /** The first attempt at an entry of {@code sg:stream:inbound}. */
  public static final Occasion USUAL =
      new Occasion(Direction.INBOUND, "sg:stream:inbound", "1732372000000-0", 1);

  /** The same of another stream. */
  public Occasion of(Direction another, String anotherStream) {
    return new Occasion(another, anotherStream, id, attempt);
  }

  /** The same of another entry. */
  public Occasion withId(String another) {
    return new Occasion(direction, stream, another, attempt);
  }

  /** The same in another attempt. */
  public Occasion withAttempt(int number) {
    return new Occasion(direction, stream, id, number);
  }
}
