package io.streamfleet.operator.resource;

/** Which way the entries of a stream go. */
public enum StreamDirection {
  INBOUND,
  OUTBOUND
}
