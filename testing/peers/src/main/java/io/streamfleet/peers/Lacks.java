package io.streamfleet.peers;

/** What Streamfleet promises and several peers do not. */
public final class Lacks {

  public static final String ORDER =
      "order in a channel: its entries wait for the lock side by side, and any of them may be next";

  public static final String LONG_HANDLERS =
      "long handlers: an entry in flight for longer than the idle time is claimed away and handled twice";

  public static final String LOCK_RENEWAL =
      "renewal of the channel's lock, which runs out after 60 s whatever its holder does";

  public static final String FENCING =
      "fencing: who has lost its entry or its lock goes on, and acknowledges";

  public static final String RETRIES =
      "retries with back-off: what fails stays pending until it is idle for long enough";

  public static final String DEAD_LETTERS =
      "dead letters: poison comes back for ever, counted by nobody";

  public static final String NAMES = "consumer names of those that are gone stay";

  private Lacks() {}
}
