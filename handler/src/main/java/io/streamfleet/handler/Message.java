package io.streamfleet.handler;

import java.time.Instant;
import java.util.Optional;

/** One decoded entry of a stream. */
public interface Message {

  /**
   * The entry's id in its stream, such as {@code 1732372000000-0}. It is unique only in this
   * stream: {@link #stream} and id together identify the entry, and stay the same in every attempt.
   * A replayed dead letter is a new entry, with a new id and the same payload.
   */
  String id();

  /** The stream that it was read from. */
  String stream();

  Direction direction();

  /** The value of the ordering field; {@code global} if the payload has none. */
  String channel();

  /** The entry field {@code trace_id}, else that of the payload. */
  Optional<String> traceId();

  /** 1 for the first delivery. Kept in Redis, so it survives the death of a worker. */
  int attempt();

  /** When Redis added the entry: the first part of its id. */
  Instant timestamp();

  Payload payload();
}
