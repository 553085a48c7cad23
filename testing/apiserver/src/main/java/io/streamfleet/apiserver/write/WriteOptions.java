package io.streamfleet.apiserver.write;

import java.util.List;
import java.util.function.Consumer;

/**
 * How to write.
 *
 * @param manager who writes, for the account of owned fields
 * @param unknownFields told the paths of fields that were left out because the schema does not know
 *     them; may refuse
 * @param dryRun whether to store nothing
 */
public record WriteOptions(String manager, Consumer<List<String>> unknownFields, boolean dryRun) {

  /** A write that is meant, and whose author does not care for fields that nobody knows. */
  public static WriteOptions by(String manager) {
    return new WriteOptions(manager, paths -> {}, false);
  }
}
