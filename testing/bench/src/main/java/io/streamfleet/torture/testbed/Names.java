package io.streamfleet.torture.testbed;

import io.streamfleet.redis.group.ConsumerGroup;
import java.util.List;

/** The keys of the torture in Redis. */
public final class Names {

  public static final String IN = "torture:in";
  public static final String OUT = "torture:out:echo";
  public static final String DEAD = "torture:dead";

  /** A stream that messages are emitted to and nobody reads. */
  static final String MUTE = "torture:out:mute";

  static final String LOCKS = "torture:lock:";
  public static final String LOCK = LOCKS + "{channel}";

  /** Another inbound stream, whose entries are of the same channels. */
  static final String OTHER_IN = "torture:in:other";

  /** Where users cancel, who know of one database only. */
  static final String CANCEL = "sg:control:cancel";

  /** Both groups that a worker is a consumer of. */
  static final List<ConsumerGroup> GROUPS =
      List.of(new ConsumerGroup(IN, "workers"), new ConsumerGroup(OUT, "gateways"));

  /** What the names of workers of the original kind begin with. */
  static final String ORIGINAL = "original-";

  /** Where workers of the original kind count their claims; they never remove it. */
  static final String CLAIMS = "torture:claims";

  /** What the nodes of a Cluster are hurt for, in turn. */
  static final List<String> KEYS = List.of(IN, OUT, DEAD, CLAIMS);

  /** What may be there when all is over. */
  static final List<String> LEFT = List.of(IN, OUT, DEAD, CLAIMS, MUTE);

  private Names() {}
}
