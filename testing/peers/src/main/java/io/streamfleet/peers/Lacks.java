package io.streamfleet.peers;

/** Guarantees of Streamfleet that several peers lack. */
public final class Lacks {

  public static final String ORDER =
      "order in a channel: its entries compete for the lock, and any of them may be next";

  public static final String LONG_HANDLERS =
      "long handlers: an entry in flight for longer than the idle time is claimed and handled"
          + " twice";

  public static final String LOCK_RENEWAL =
      "renewal of the channel's lock, which expires after 60 s even while it is held";

  public static final String FENCING =
      "fencing: a consumer that has lost its entry or its lock continues, and acknowledges";

  public static final String RETRIES =
      "retries with back-off: a failed entry stays pending until it is idle for long enough";

  public static final String DEAD_LETTERS =
      "dead letters: a poison entry is retried for ever, without a count";

  public static final String NAMES = "removal of the consumer names of dead processes";

  private Lacks() {}
}
