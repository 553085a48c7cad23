package io.streamfleet.worker.handle;

import io.streamfleet.handler.Payload;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.wire.WirePayload;
import java.util.Optional;
import java.util.function.Supplier;

/** The JSON body of a request, and the memory reserved for it until the exchange is over. */
final class RequestBody implements AutoCloseable {

  /**
   * Up to this size of a payload, in bytes, memory is reserved by an estimate. The exact length of
   * longer ones is computed first.
   */
  private static final int SHORT = 64 * 1024;

  /** Estimated bytes of JSON for one byte of msgpack; only text of control characters takes six. */
  private static final int GUESS = 3;

  private final byte[] json;
  private final ExchangeMemory.Part memory;

  private RequestBody(byte[] json, ExchangeMemory.Part memory) {
    this.json = json;
    this.memory = memory;
  }

  /** Writes the JSON if the payload is short and memory is free; else empty. */
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
                    : guessed(payload::toJson, part));
  }

  /** Writes the JSON; empty if it is longer than the memory that was reserved. */
  private static Optional<RequestBody> guessed(Supplier<byte[]> writer, ExchangeMemory.Part part) {
    boolean isKept = false;
    try {
      byte[] json = writer.get();
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
   * Waits for memory and writes the JSON.
   *
   * @throws PermanentFailure if the JSON is longer than the memory for all requests
   */
  static RequestBody of(Payload payload, ExchangeMemory memory)
      throws PermanentFailure, InterruptedException {
    if (!(payload instanceof WirePayload wire) || wire.isJson()) {
      // The payload is JSON already, and its bytes are counted with the entries in flight.
      return new RequestBody(payload.toJson(), memory.forRequest(0));
    }
    if (wire.raw().length <= SHORT) {
      Optional<RequestBody> guessed =
          guessed(wire::toJson, memory.forRequest((long) GUESS * wire.raw().length));
      if (guessed.isPresent()) {
        return guessed.get();
      }
    }
    long length = wire.jsonLength();
    refuseBeyond(memory.longestRequest(), length);
    ExchangeMemory.Part part = memory.forRequest(length);
    return new RequestBody(wire.toJson((int) length), part);
  }

  private static void refuseBeyond(long longest, long length) throws PermanentFailure {
    if (length > longest) {
      throw new PermanentFailure(
          "the message has %d bytes as JSON; the memory of the worker allows %d"
              .formatted(length, longest));
    }
  }

  /**
   * Writes a body if memory is free and it is not longer than guessed; else empty.
   *
   * @param writer returns the body
   */
  static Optional<RequestBody> atOnce(long guess, Supplier<byte[]> writer, ExchangeMemory memory) {
    return memory.forRequestNow(guess).flatMap(part -> guessed(writer, part));
  }

  /**
   * Waits for memory and writes a body.
   *
   * @param most the body is not longer
   * @throws PermanentFailure if it may be longer than the memory for all requests
   */
  static RequestBody of(long most, Supplier<byte[]> writer, ExchangeMemory memory)
      throws PermanentFailure, InterruptedException {
    refuseBeyond(memory.longestRequest(), most);
    return guessed(writer, memory.forRequest(most))
        .orElseThrow(() -> new IllegalStateException("a body is longer than its bound"));
  }

  /** An estimate of the bytes of a payload as JSON, which costs nothing. */
  static long guess(Payload payload) {
    boolean isThere = !(payload instanceof WirePayload wire) || wire.isJson();
    return (long) (isThere ? 1 : GUESS) * payload.raw().length;
  }

  byte[] json() {
    return json;
  }

  @Override
  public void close() {
    memory.release();
  }
}
