package io.streamfleet.worker.handle;

import io.streamfleet.handler.Payload;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.wire.WirePayload;
import java.util.Optional;

/** A payload as the JSON of a request, and the memory that it takes until the exchange is over. */
final class RequestBody implements AutoCloseable {

  /** Up to here JSON is written in one go, and its length is guessed before. */
  private static final int SHORT = 64 * 1024;

  /** Of what the JSON takes for one byte of msgpack; text of control characters takes six. */
  private static final int GUESS = 3;

  private final byte[] json;
  private final ExchangeMemory.Part memory;

  private RequestBody(byte[] json, ExchangeMemory.Part memory) {
    this.json = json;
    this.memory = memory;
  }

  /** Writes the JSON if that takes but a moment, and nobody waits for memory. */
  static Optional<RequestBody> atOnce(Payload payload, ExchangeMemory memory) {
    boolean isThere = !(payload instanceof WirePayload wire) || wire.isJson();
    int bytes = isThere ? 0 : payload.raw().length;
    if (bytes > SHORT) {
      return Optional.empty();
    }
    return memory
        .forRequestNow((long) GUESS * bytes)
        .flatMap(
            part ->
                isThere
                    ? Optional.of(new RequestBody(payload.toJson(), part))
                    : guessed(payload, part));
  }

  /** Writes the JSON into the memory that was guessed for it; empty where it is longer. */
  private static Optional<RequestBody> guessed(Payload payload, ExchangeMemory.Part part) {
    boolean isKept = false;
    try {
      byte[] json = payload.toJson();
      isKept = json.length <= part.bytes();
      if (!isKept) {
        return Optional.empty();
      }
      part.shrinkTo(json.length);
      return Optional.of(new RequestBody(json, part));
    } finally {
      if (!isKept) {
        part.release();
      }
    }
  }

  /**
   * Writes the JSON, when there is memory for it.
   *
   * @throws PermanentFailure when it would be longer than there will ever be memory for
   */
  static RequestBody of(Payload payload, ExchangeMemory memory)
      throws PermanentFailure, InterruptedException {
    if (!(payload instanceof WirePayload wire) || wire.isJson()) {
      // It is here already.
      return new RequestBody(payload.toJson(), memory.forRequest(0));
    }
    if (wire.raw().length <= SHORT) {
      Optional<RequestBody> guessed =
          guessed(wire, memory.forRequest((long) GUESS * wire.raw().length));
      if (guessed.isPresent()) {
        return guessed.get();
      }
    }
    long length = wire.jsonLength();
    if (length > memory.longestRequest()) {
      throw new PermanentFailure(
          "the message has %d bytes as JSON, more than the %d that the worker has memory for"
              .formatted(length, memory.longestRequest()));
    }
    ExchangeMemory.Part part = memory.forRequest(length);
    return new RequestBody(wire.toJson((int) length), part);
  }

  byte[] json() {
    return json;
  }

  @Override
  public void close() {
    memory.release();
  }
}
