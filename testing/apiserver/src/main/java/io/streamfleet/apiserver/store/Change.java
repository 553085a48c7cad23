package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One write, with the old and the new state. */
record Change(
    long version, ObjectKey key, @Nullable ObjectNode before, @Nullable ObjectNode after) {

  /** The event for a watcher of a selection, if any. */
  Optional<WatchEvent> seenBy(Selection selection) {
    if (!selection.covers(key)) {
      return Optional.empty();
    }
    ObjectNode old = before != null && selection.condition().test(before) ? before : null;
    if (after != null && selection.condition().test(after)) {
      return Optional.of(
          new WatchEvent(
              old == null ? WatchEvent.Type.ADDED : WatchEvent.Type.MODIFIED, key, after));
    }
    return Optional.ofNullable(old)
        .map(last -> new WatchEvent(WatchEvent.Type.DELETED, key, farewell(last)));
  }

  /** The last state with the version of the deletion, from which a watch may continue. */
  private ObjectNode farewell(ObjectNode last) {
    ObjectNode object = last.deepCopy();
    object.withObject("/metadata").put("resourceVersion", Long.toString(version));
    return object;
  }
}
