package io.streamfleet.operator.resource;

/** The direction of a stream's entries. */
public enum StreamDirection {
  INBOUND,
  OUTBOUND
}
