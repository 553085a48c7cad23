package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One write, from what was to what is. */
record Change(
    long version, ObjectKey key, @Nullable ObjectNode before, @Nullable ObjectNode after) {

  /** What it is to somebody who sees only a selection, if anything. */
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

  /** The last state, with the version of its end, from which a watch may go on. */
  private ObjectNode farewell(ObjectNode last) {
    ObjectNode object = last.deepCopy();
    object.withObject("/metadata").put("resourceVersion", Long.toString(version));
    return object;
  }
}
