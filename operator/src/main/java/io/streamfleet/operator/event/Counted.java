package io.streamfleet.operator.event;

/** Formats counts. */
public final class Counted {

  private Counted() {}

  /** {@code 1 entry}, {@code 2 entries}. */
  public static String of(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
