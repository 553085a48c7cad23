package io.streamfleet.peers;

import java.time.Duration;
import java.util.List;

/**
 * The work of a peer.
 *
 * @param ordered whether a channel has one handler at a time, across all processes
 * @param minIdle the idle time after which an entry may be claimed from a dead consumer
 * @param claimEvery the interval of claims
 */
public record Assignment(
    String url,
    String stream,
    String group,
    String consumer,
    boolean ordered,
    Duration minIdle,
    Duration claimEvery) {

  /** Entry field: the payload. */
  public static final String DATA = "data";

  /** Payload field: the channel. */
  public static final String CHANNEL = "channel_id";

  /** The channel of an entry without one. */
  public static final String NO_CHANNEL = "global";

  private static final int ARGUMENTS = 7;

  /**
   * Parses the command line, in the order of the components; times in milliseconds.
   *
   * @throws IllegalArgumentException for a wrong number of arguments, or an invalid time
   */
  static Assignment of(List<String> arguments) {
    if (arguments.size() != ARGUMENTS) {
      throw new IllegalArgumentException("an assignment has " + ARGUMENTS + " arguments");
    }
    return new Assignment(
        arguments.get(0),
        arguments.get(1),
        arguments.get(2),
        arguments.get(3),
        Boolean.parseBoolean(arguments.get(4)),
        Duration.ofMillis(Long.parseLong(arguments.get(5))),
        Duration.ofMillis(Long.parseLong(arguments.get(6))));
  }

  /** The prefix of the channel locks' keys, which contains the stream. */
  public String lockPrefix() {
    return stream + ":lock";
  }
}
