package io.streamfleet.api;

/** Where a consumer group starts that does not exist yet. */
public final class StartFrom {

  /** The first entry that the stream still holds. */
  public static final String BEGINNING = "Beginning";

  /** What is appended after the group was made. */
  public static final String END = "End";

  static final String PATTERN = "^(Beginning|End|[0-9]{1,20}(-[0-9]{1,20})?)$";

  private StartFrom() {}

  /** The id as {@code XGROUP CREATE} takes it: {@code 0}, {@code $}, or the entry id itself. */
  public static String redisId(String startFrom) {
    return switch (startFrom) {
      case BEGINNING -> "0";
      case END -> "$";
      default -> startFrom;
    };
  }
}
