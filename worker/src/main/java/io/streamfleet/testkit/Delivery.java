package io.streamfleet.testkit;

import io.streamfleet.handler.Direction;

/**
 * One delivery of a message: its direction, stream, entry id and attempt.
 *
 * @param id of the entry, such as {@code 1732372000000-0}
 * @param attempt 1 for the first
 */
public record Delivery(Direction direction, String stream, String id, int attempt) {

  /** The first attempt at an entry of {@code sg:stream:inbound}. */
  public static final Delivery USUAL =
      new Delivery(Direction.INBOUND, "sg:stream:inbound", "1732372000000-0", 1);

  /** A copy with another direction and stream. */
  public Delivery of(Direction another, String anotherStream) {
    return new Delivery(another, anotherStream, id, attempt);
  }

  /** A copy with another entry id. */
  public Delivery withId(String another) {
    return new Delivery(direction, stream, another, attempt);
  }

  /** A copy with another attempt number. */
  public Delivery withAttempt(int number) {
    return new Delivery(direction, stream, id, number);
  }
}
