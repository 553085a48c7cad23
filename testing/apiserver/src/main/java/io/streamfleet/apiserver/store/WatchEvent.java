package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What became of an object that is watched.
 *
 * @param object as it is now, or as it last was; never to be changed
 */
public record WatchEvent(Type type, ObjectKey key, ObjectNode object) {

  /** How it changed, in the words of the wire. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }
}
