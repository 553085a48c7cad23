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
 * The connection to one Redis server. Lettuce would reconnect with the old password; so a broken
 * connection is closed here, and the next one reads the Secrets again.
 *
 * <p>Owned by the observer's thread, except {@link #link}, which any thread may call.
 */
final class InstanceConnection {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceConnection.class);

  /**
   * A connection that breaks sooner does not trigger a reconnect at once, since the next one may be
   * no better.
   */
  private static final Duration STABLE = Duration.ofSeconds(1);

  private final RedisTarget target;
  private final InstanceEnvironment environment;
  private final Runnable onBroken;
  private volatile @Nullable Link link;

  /** Fails, on a client thread, when the present connection breaks. */
  private volatile CompletableFuture<Void> unbroken = new CompletableFuture<>();

  private @Nullable RedisConnector connector;

  /** Completes when the last closed connection is gone. */
  private volatile CompletableFuture<Void> gone = CompletableFuture.completedFuture(null);

  /**
   * @param onBroken called on a client thread when a connection breaks that was stable for a while
   */
  InstanceConnection(RedisTarget target, InstanceEnvironment environment, Runnable onBroken) {
    this.target = target;
    this.environment = environment;
    this.onBroken = onBroken;
  }

  /** The connection, if there is one. */
  Optional<Link> link() {
    return Optional.ofNullable(link).filter(open -> !unbroken.isDone());
  }

  /** Whether there is one, broken or not. */
  boolean isMade() {
    return link != null;
  }

  /**
   * Whether the connection is broken. With a Cluster, Lettuce does not report which of its many
   * connections broke, so there any failed command counts.
   */
  boolean isBrokenBy(Exception failure) {
    if (target.spec().cluster()) {
      unbroken.completeExceptionally(failure);
    }
    return unbroken.isCompletedExceptionally();
  }

  /** The present connection, or a new one. */
  Link open() throws ExecutionException, InterruptedException, TimeoutException {
    Optional<Link> open = link();
    if (open.isPresent()) {
      return open.get();
    }
    close();
    RedisConnector made = environment.connector(target, target.credentials(environment.secrets()));
    connector = made;
    // A second more than the connector's own timeout, whose error says more than ours.
    Link fresh =
        made.connectAsync(environment.timeout())
            .get(environment.timeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
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

  /** Waits for a reply, until the timeout is over or the connection breaks. */
  <T> T within(CompletableFuture<T> reply)
      throws ExecutionException, InterruptedException, TimeoutException {
    CompletableFuture.anyOf(reply, unbroken)
        .get(environment.timeout().toMillis(), TimeUnit.MILLISECONDS);
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
   * Waits until the closed connection is gone and no longer needs its threads.
   *
   * @param limit the longest wait
   */
  void awaitGone(Duration limit) throws InterruptedException {
    try {
      gone.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("a connection is not gone yet", e);
    }
  }
}
