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

/** Looks at the fleet's Redis, as far as it lets one in without credentials. One thread. */
final class StreamObserver implements AutoCloseable {

  /** A picture a second: what takes longer is not in it. */
  private static final Duration PATIENCE = Duration.ofMillis(800);

  private final RedisConnector connector;
  private @Nullable CompletableFuture<Link> link;

  StreamObserver(String redisUrl) {
    this.connector =
        RedisConnector.to(RedisSettings.plain(redisUrl), /* nothing blocks */ Duration.ZERO);
  }

  /** What there is; empty if Redis does not tell. */
  Optional<Inspection> look(Collection<ConsumerGroup> groups, Collection<String> deadLetters)
      throws InterruptedException {
    CompletableFuture<Link> connecting = link;
    if (connecting == null || connecting.isCompletedExceptionally()) {
      connecting = connector.connectAsync(PATIENCE);
      link = connecting;
    }
    try {
      Link connected = connecting.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(
          new GroupInspection(connected)
              .look(groups, GroupInspection.Consumers.PENDING, deadLetters)
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException | RedisException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    connector.close();
  }
}
