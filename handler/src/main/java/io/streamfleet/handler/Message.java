package io.streamfleet.handler;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

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

  /**
   * The position in the distributed trace that calls of the handler belong to: this attempt where
   * traces are recorded, else what the publisher wrote into the entry's fields {@code traceparent}
   * and {@code tracestate}, if it did. What the handler returns goes out with it.
   */
  default Optional<TraceContext> trace() {
    return Optional.empty();
  }

  /** 1 for the first delivery. Kept in Redis, so it survives the death of a worker. */
  int attempt();

  /** When Redis added the entry: the first part of its id. */
  Instant timestamp();

  Payload payload();

  /**
   * A number that grows each time the partition of the entry moves to another worker. What a
   * handler changes elsewhere can refuse a smaller one than it has seen: it is from a worker that
   * was paused and no longer has the partition. Empty if the stream has no partitions.
   */
  default OptionalLong fencingToken() {
    return OptionalLong.empty();
  }
}
