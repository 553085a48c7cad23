package io.streamfleet.api;

/** Where a new consumer group starts. */
public final class StartFrom {

  /** At the first entry of the stream. */
  public static final String BEGINNING = "Beginning";

  /** At entries that are appended after the group was created. */
  public static final String END = "End";

  static final String PATTERN = "^(Beginning|End|[0-9]{1,20}(-[0-9]{1,20})?)$";

  private StartFrom() {}

  /** The id for {@code XGROUP CREATE}: {@code 0}, {@code $}, or the entry id itself. */
  public static String redisId(String startFrom) {
    return switch (startFrom) {
      case BEGINNING -> "0";
      case END -> "$";
      default -> startFrom;
    };
  }
}
