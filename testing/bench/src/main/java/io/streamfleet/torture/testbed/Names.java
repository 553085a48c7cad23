package io.streamfleet.torture.testbed;

import io.streamfleet.redis.group.ConsumerGroup;
import java.util.List;

/** The keys of the torture in Redis. */
public final class Names {

  public static final String IN = "torture:in";
  public static final String OUT = "torture:out:echo";
  public static final String DEAD = "torture:dead";

  /** A stream that messages are emitted to and that is never read. */
  static final String MUTE = "torture:out:mute";

  static final String LOCKS = "torture:lock:";
  public static final String LOCK = LOCKS + "{channel}";

  /** Another inbound stream, with entries of the same channels. */
  static final String OTHER_IN = "torture:in:other";

  /** The cancel channel of users that know only database 0. */
  static final String CANCEL = "sg:control:cancel";

  /** Both groups that a worker consumes. */
  static final List<ConsumerGroup> GROUPS =
      List.of(new ConsumerGroup(IN, "workers"), new ConsumerGroup(OUT, "gateways"));

  /** The prefix of the names of original workers. */
  static final String ORIGINAL = "original-";

  /** Where original workers count their claims; they never remove it. */
  static final String CLAIMS = "torture:claims";

  /** Keys whose Cluster nodes are targets of faults, in turn. */
  static final List<String> KEYS = List.of(IN, OUT, DEAD, CLAIMS);

  /** Keys that may remain at the end. */
  static final List<String> LEFT = List.of(IN, OUT, DEAD, CLAIMS, MUTE);

  private Names() {}
}
