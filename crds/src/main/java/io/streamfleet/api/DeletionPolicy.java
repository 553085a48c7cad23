package io.streamfleet.api;

/** What happens to the groups in Redis when the resource is deleted. */
public enum DeletionPolicy {
  /** They are kept. */
  Retain,
  /** They are deleted; the streams stay. */
  Delete
}
