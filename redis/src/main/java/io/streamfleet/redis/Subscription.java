package io.streamfleet.redis;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A connection that hears notices. */
public final class Subscription implements AutoCloseable {

  private final StatefulRedisPubSubConnection<String, String> connection;
  private final CompletableFuture<Void> subscribed;

  Subscription(
      StatefulRedisPubSubConnection<String, String> connection,
      CompletableFuture<Void> subscribed) {
    this.connection = connection;
    this.subscribed = subscribed;
  }

  /** Completes once Redis has taken the subscription. */
  public CompletableFuture<Void> subscribed() {
    return subscribed;
  }

  /** Listens at some channels more and at others no more; completes once Redis has taken it. */
  public CompletableFuture<Void> change(List<String> more, List<String> less) {
    return CompletableFuture.allOf(
        more.isEmpty()
            ? CompletableFuture.completedFuture(null)
            : connection.async().subscribe(more.toArray(String[]::new)).toCompletableFuture(),
        less.isEmpty()
            ? CompletableFuture.completedFuture(null)
            : connection.async().unsubscribe(less.toArray(String[]::new)).toCompletableFuture());
  }

  /**
   * Asks for a sign of life. A connection that only listens would never tell that its server hangs;
   * one that does not answer is made anew.
   */
  public void ping() {
    connection.async().ping().whenComplete((pong, failure) -> {});
  }

  @Override
  public void close() {
    connection.close();
  }
}
