package io.streamfleet.worker.handle;

import io.streamfleet.handler.Payload;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.worker.decode.WirePayload;

/**
 * A payload as the JSON of a request, and the memory that it takes until the exchange is over.
 *
 * @param json not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RequestBody(byte[] json, ExchangeMemory.Part memory) implements AutoCloseable {

  /** Up to here JSON is written in one go, and its length is guessed before. */
  private static final int SHORT = 64 * 1024;

  /** Of what the JSON takes for one byte of msgpack; text of control characters takes six. */
  private static final int GUESS = 3;

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
    int bytes = wire.raw().length;
    if (bytes <= SHORT) {
      ExchangeMemory.Part part = memory.forRequest((long) GUESS * bytes);
      byte[] json = wire.toJson();
      if (json.length <= part.bytes()) {
        part.shrinkTo(json.length);
        return new RequestBody(json, part);
      }
      part.release();
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

  @Override
  public void close() {
    memory.release();
  }
}
