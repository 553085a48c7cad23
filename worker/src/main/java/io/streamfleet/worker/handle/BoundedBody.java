package io.streamfleet.worker.handle;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of an answer, in the pieces in which it came, up to a limit, where the
 * connection is closed: the rest is never read. A body that is dropped is read too, since only a
 * finished answer leaves its connection to the next request.
 *
 * <p>(The JDK's own {@code BodyHandlers.limiting} fails with an exception that only its text tells
 * from a broken connection.)
 */
final class BoundedBody implements BodySubscriber<AnswerBody> {

  /** What becomes of the bytes. */
  enum Use {
    /** Handed over; too many are an error. */
    KEEP,
    /** Thrown away; after too many the rest is not waited for. */
    DROP
  }

  /**
   * So much of an answer that is kept is read at once; longer ones are read a few at a time. Most
   * have some hundreds.
   */
  private static final int SHORT = 8 * 1024;

  private final int limit;
  private final Use use;
  private final LongRead longRead;
  private final CompletableFuture<AnswerBody> whole = new CompletableFuture<>();
  // The signals of a subscription come one after another, so these need no lock.
  private final AnswerBody kept = new AnswerBody();
  private @Nullable Subscription subscription;
  private long seen;
  private volatile boolean overflowed;

  /**
   * @param longRead what a body that is kept needs when it gets long
   */
  BoundedBody(int limit, Use use, LongRead longRead) {
    this.limit = limit;
    this.use = use;
    this.longRead = longRead;
  }

  /** Whether a body that was to be kept was longer than the limit. */
  boolean overflowed() {
    return overflowed;
  }

  /** What was kept is not wanted any longer. */
  void letGo() {
    kept.drop();
  }

  @Override
  public CompletionStage<AnswerBody> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Subscription given) {
    if (subscription != null) {
      given.cancel();
      return;
    }
    subscription = given;
    given.request(1);
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
        kept.add(bytes);
      }
    }
    Subscription more = subscription;
    boolean isLong = use == Use.KEEP && seen > SHORT;
    if (more != null && (!isLong || longRead.begin(() -> more.request(1)))) {
      more.request(1);
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
      case DROP -> whole.complete(kept);
    }
  }

  @Override
  public void onError(Throwable failure) {
    whole.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    whole.complete(kept);
  }
}
