package io.streamfleet.worker.handle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of an answer up to a limit, where the connection is closed: the rest is never
 * read. A body that is dropped is read too, since only a finished answer leaves its connection to
 * the next request.
 *
 * <p>(The JDK's own {@code BodyHandlers.limiting} fails with an exception that only its text tells
 * from a broken connection.)
 */
final class BoundedBody implements BodySubscriber<byte[]> {

  /** What becomes of the bytes. */
  enum Use {
    /** Handed over; too many are an error. */
    KEEP,
    /** Thrown away; after too many the rest is not waited for. */
    DROP
  }

  private static final byte[] NOTHING = {};

  private final int limit;
  private final Use use;
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  // The signals of a subscription come one after another, so these need no lock.
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private @Nullable Subscription subscription;
  private long seen;
  private volatile boolean overflowed;

  BoundedBody(int limit, Use use) {
    this.limit = limit;
    this.use = use;
  }

  /** Whether a body that was to be kept was longer than the limit. */
  boolean overflowed() {
    return overflowed;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Subscription given) {
    if (subscription != null) {
      given.cancel();
      return;
    }
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      seen += buffer.remaining();
      if (seen > limit) {
        stop();
        return;
      }
      if (use == Use.KEEP) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        kept.writeBytes(bytes);
      }
    }
  }

  private void stop() {
    if (subscription != null) {
      subscription.cancel();
    }
    switch (use) {
      case KEEP -> {
        overflowed = true;
        whole.completeExceptionally(new IOException("the body is longer than " + limit + " bytes"));
      }
      case DROP -> whole.complete(NOTHING);
    }
  }

  @Override
  public void onError(Throwable failure) {
    whole.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    whole.complete(kept.toByteArray());
  }
}
