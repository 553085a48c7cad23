package io.streamfleet.apiserver.write;

import java.util.List;
import java.util.function.Consumer;

/**
 * Options of a write.
 *
 * @param manager the field manager
 * @param unknownFields is given the paths of unknown fields that were removed; may throw to refuse
 *     them
 * @param dryRun whether to store nothing
 */
public record WriteOptions(String manager, Consumer<List<String>> unknownFields, boolean dryRun) {

  /** A real write that ignores unknown fields. */
  public static WriteOptions by(String manager) {
    return new WriteOptions(manager, paths -> {}, false);
  }
}
