package io.streamfleet.handler;

import java.time.Instant;
import java.util.Optional;

/** One entry of a stream, decoded. */
public interface Message {

  /**
   * The entry's id in its stream, such as {@code 1732372000000-0}. It is unique in this stream
   * only: {@link #stream} and id together name the entry, and are the same in every attempt. A
   * replayed dead letter is a new entry, with a new id and the same payload.
   */
  String id();

  /** The stream it was read from. */
  String stream();

  Direction direction();

  /** The value of the ordering field; {@code global} where the payload has none. */
  String channel();

  /** The entry field {@code trace_id}, else the payload's. */
  Optional<String> traceId();

  /** 1 for the first delivery. Kept in Redis, so it survives the death of a worker. */
  int attempt();

  /** When Redis took the entry in: the first part of its id. */
  Instant timestamp();

  Payload payload();
}
