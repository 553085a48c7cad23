package io.streamfleet.api;

/** What becomes of the groups in Redis when the resource is deleted. */
public enum DeletionPolicy {
  /** They stay. */
  Retain,
  /** They are deleted; the streams stay. */
  Delete
}
