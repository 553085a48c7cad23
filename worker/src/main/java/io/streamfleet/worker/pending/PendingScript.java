package io.streamfleet.worker.pending;

import io.lettuce.core.protocol.CommandArgs;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Script;
import java.util.Collections;
import java.util.List;

/** The common part of scripts that take ids of entries. */
public final class PendingScript {

  /** Functions that other scripts are appended to: see the file. */
  public static final Script FUNCTIONS = Script.beside(PendingScript.class, "pending.lua");

  private PendingScript() {}

  /**
   * Adds the oldest and the newest of the ids, which those functions need.
   *
   * @param ids at least one, in any order
   */
  public static void addRange(CommandArgs<String, byte[]> args, List<EntryId> ids) {
    args.add(Collections.min(ids).toString()).add(Collections.max(ids).toString());
  }
}
