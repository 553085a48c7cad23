package io.streamfleet.worker.own;

import io.lettuce.core.protocol.CommandArgs;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Script;
import java.util.Collections;
import java.util.List;

/** What scripts share that take entries by id. */
public final class Pending {

  /** Functions for scripts to come after: see the file. */
  public static final Script FUNCTIONS = Script.beside(Pending.class, "pending.lua");

  private Pending() {}

  /**
   * Adds what those functions want to know of the ids: the oldest and the newest.
   *
   * @param ids at least one, in any order
   */
  public static void addRange(CommandArgs<String, byte[]> args, List<EntryId> ids) {
    args.add(Collections.min(ids).toString()).add(Collections.max(ids).toString());
  }
}
