package io.streamfleet.worker.handle;

import io.streamfleet.handler.Payload;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.wire.WirePayload;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Flow.Subscriber;

/**
 * A payload as the JSON of a request, and the memory that it takes until the exchange is over.
 *
 * <p>It is sent piece by piece, and lets the JSON go when it is closed: the JDK's own publisher of
 * a byte array makes a second one of it at once, and the client's connection holds on to the first
 * request that it was made for until it is closed.
 */
final class RequestBody implements BodyPublisher, AutoCloseable {

  /** Up to here JSON is written in one go, and its length is guessed before. */
  private static final int SHORT = 64 * 1024;

  /** Of what the JSON takes for one byte of msgpack; text of control characters takes six. */
  private static final int GUESS = 3;

  /** As much as the client writes at once. */
  private static final int PIECE = 16 * 1024;

  private static final byte[] CLOSED = {};

  private final int length;
  private final ExchangeMemory.Part memory;
  private volatile byte[] json;
  private volatile boolean sent;

  private RequestBody(byte[] json, ExchangeMemory.Part memory) {
    this.length = json.length;
    this.json = json;
    this.memory = memory;
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

  /** Whether all of it went out, as far as that can be told from here. */
  boolean isSent() {
    return sent;
  }

  @Override
  public long contentLength() {
    return length;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    BodyPublishers.ofByteArrays(Pieces::new).subscribe(subscriber);
  }

  /** The JSON from its beginning; of one that was closed meanwhile nothing more comes. */
  private final class Pieces implements Iterator<byte[]> {

    private int at;

    @Override
    public boolean hasNext() {
      boolean more = at < json.length;
      if (!more && at == length) {
        sent = true;
      }
      return more;
    }

    @Override
    public byte[] next() {
      byte[] whole = json;
      int from = at;
      at = Math.min(from + PIECE, length);
      return Arrays.copyOfRange(whole, Math.min(from, whole.length), Math.min(at, whole.length));
    }
  }

  @Override
  public void close() {
    json = CLOSED;
    memory.release();
  }
}
