package io.streamfleet.local.view;

import io.lettuce.core.RedisException;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.Inspection;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Observes the fleet's Redis, if it needs no credentials. For one thread. */
final class StreamObserver implements AutoCloseable {

  /** The display is updated each second, so a slower reply is of no use. */
  private static final Duration TIMEOUT = Duration.ofMillis(800);

  private final RedisConnector connector;
  private @Nullable CompletableFuture<Link> link;

  StreamObserver(String redisUrl) {
    this.connector =
        RedisConnector.to(RedisSettings.plain(redisUrl), /* nothing blocks */ Duration.ZERO);
  }

  /** Observes once; empty if Redis does not answer. */
  Optional<Inspection> look(Collection<ConsumerGroup> groups, Collection<String> deadLetters)
      throws InterruptedException {
    CompletableFuture<Link> connecting = link;
    if (connecting == null || connecting.isCompletedExceptionally()) {
      connecting = connector.connectAsync(TIMEOUT);
      link = connecting;
    }
    try {
      Link connected = connecting.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(
          new GroupInspection(connected)
              .look(groups, GroupInspection.Consumers.PENDING, deadLetters)
              .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException | RedisException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    connector.close();
  }
}
