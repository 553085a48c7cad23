package io.streamfleet.worker.pending;

import io.lettuce.core.protocol.CommandArgs;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Script;
import java.util.Collections;
import java.util.List;

/** What scripts share that take entries by id. */
public final class PendingScript {

  /** Functions for scripts to come after: see the file. */
  public static final Script FUNCTIONS = Script.beside(PendingScript.class, "pending.lua");

  private PendingScript() {}

  /**
   * Adds what those functions want to know of the ids: the oldest and the newest.
   *
   * @param ids at least one, in any order
   */
  public static void addRange(CommandArgs<String, byte[]> args, List<EntryId> ids) {
    args.add(Collections.min(ids).toString()).add(Collections.max(ids).toString());
  }
}
