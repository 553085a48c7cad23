package io.streamfleet.redis;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A connection that receives notices. */
public final class Subscription implements AutoCloseable {

  private final StatefulRedisPubSubConnection<String, String> connection;
  private final CompletableFuture<Void> subscribed;

  Subscription(
      StatefulRedisPubSubConnection<String, String> connection,
      CompletableFuture<Void> subscribed) {
    this.connection = connection;
    this.subscribed = subscribed;
  }

  /** Completes once Redis has confirmed the subscription. */
  public CompletableFuture<Void> subscribed() {
    return subscribed;
  }

  /**
   * Subscribes to some channels and unsubscribes from others; completes once Redis has confirmed
   * both.
   */
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
   * Sends a PING. A connection that only receives would never notice that its server hangs; one
   * without a reply is closed and opened again.
   */
  public void ping() {
    connection.async().ping().whenComplete((pong, failure) -> {});
  }

  @Override
  public void close() {
    connection.close();
  }
}
