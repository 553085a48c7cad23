package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A change of a watched object.
 *
 * @param object the present or last state; must not be changed
 */
public record WatchEvent(Type type, ObjectKey key, ObjectNode object) {

  /** The kind of change, as in the API. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }
}
