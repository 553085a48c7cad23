package io.streamfleet.peers;

import java.time.Duration;
import java.util.List;

/**
 * What a peer is to do.
 *
 * @param ordered whether a channel has one handler at a time, in all processes together
 * @param minIdle how long an entry must be idle to be taken from a consumer that is gone
 * @param claimEvery how often such entries are looked for
 */
public record Assignment(
    String url,
    String stream,
    String group,
    String consumer,
    boolean ordered,
    Duration minIdle,
    Duration claimEvery) {

  /** In the entry: the payload. */
  public static final String DATA = "data";

  /** In the payload: its channel. */
  public static final String CHANNEL = "channel_id";

  /** For which channel an entry without one counts. */
  public static final String NO_CHANNEL = "global";

  private static final int ARGUMENTS = 7;

  /**
   * Reads the arguments of the command line, in the order of the components; times in milliseconds.
   *
   * @throws IllegalArgumentException if they are not as many, or no times
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

  /** How the keys of the channels' locks begin; they go with the stream. */
  public String lockPrefix() {
    return stream + ":lock";
  }
}
