package io.streamfleet.operator.redis;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a site. The client would make one that breaks again, with the password of
 * before; here it is given up instead, and the next is made with the Secrets of then.
 *
 * <p>Belongs to the site's thread, but for {@link #link}, which any may ask for.
 */
final class InstanceConnection {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceConnection.class);

  /**
   * A connection that breaks sooner is not hurried to be made again: the next one may be no better.
   */
  private static final Duration STABLE = Duration.ofSeconds(1);

  private final RedisTarget target;
  private final InstanceEnvironment around;
  private final Runnable onBroken;
  private volatile @Nullable Link link;

  /** Of the connection that there is: fails, on a thread of the client, when it breaks. */
  private volatile CompletableFuture<Void> unbroken = new CompletableFuture<>();

  private @Nullable RedisConnector connector;

  /** Done when the last one that was closed is gone. */
  private volatile CompletableFuture<Void> gone = CompletableFuture.completedFuture(null);

  /**
   * @param onBroken called, on a thread of the client, when a connection breaks that has stood for
   *     a while
   */
  InstanceConnection(RedisTarget target, InstanceEnvironment around, Runnable onBroken) {
    this.target = target;
    this.around = around;
    this.onBroken = onBroken;
  }

  /** The connection, while there is one. */
  Optional<Link> link() {
    return Optional.ofNullable(link).filter(open -> !unbroken.isDone());
  }

  /** Whether there is one, whole or broken. */
  boolean isMade() {
    return link != null;
  }

  /**
   * Whether the one that there is, is broken. Of the many connections to a Cluster nobody says
   * which of them broke; there a failure of what was asked is reason enough.
   */
  boolean isBrokenBy(Exception failure) {
    if (target.spec().cluster()) {
      unbroken.completeExceptionally(failure);
    }
    return unbroken.isCompletedExceptionally();
  }

  /** The one that there is, else another. */
  Link open() throws ExecutionException, InterruptedException, TimeoutException {
    Optional<Link> open = link();
    if (open.isPresent()) {
      return open.get();
    }
    close();
    RedisConnector made = around.connector(target, target.credentials(around.secrets()));
    connector = made;
    // A second more than the connector allows itself, whose own word says more than ours.
    Link fresh =
        made.connectAsync(around.timeout())
            .get(around.timeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
    CompletableFuture<Void> whole = new CompletableFuture<>();
    long since = System.nanoTime();
    fresh.onBroken(
        () -> {
          boolean first = whole.completeExceptionally(new ClosedChannelException());
          if (first && link == fresh && System.nanoTime() - since > STABLE.toNanos()) {
            onBroken.run();
          }
        });
    unbroken = whole;
    link = fresh;
    return fresh;
  }

  /** A reply, unless it takes too long or the connection breaks. */
  <T> T within(CompletableFuture<T> reply)
      throws ExecutionException, InterruptedException, TimeoutException {
    CompletableFuture.anyOf(reply, unbroken)
        .get(around.timeout().toMillis(), TimeUnit.MILLISECONDS);
    return reply.get();
  }

  void close() {
    link = null;
    RedisConnector old = connector;
    connector = null;
    if (old != null) {
      gone =
          old.closeAsync()
              .exceptionally(
                  failure -> {
                    LOG.debug("a connection did not close in order", failure);
                    return null;
                  });
    }
  }

  /**
   * Waits until what was closed is gone; then nothing of it needs the threads any more.
   *
   * @param limit to wait no longer
   */
  void awaitGone(Duration limit) throws InterruptedException {
    try {
      gone.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("a connection is not gone yet", e);
    }
  }
}
