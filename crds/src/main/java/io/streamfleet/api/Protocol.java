package io.streamfleet.api;

/** The version of the Redis protocol. */
public enum Protocol {
  Resp3,
  Resp2
}
