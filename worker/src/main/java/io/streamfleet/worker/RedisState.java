package io.streamfleet.worker;

import io.streamfleet.worker.metrics.GroupObserver;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of Redis as last observed. Thread-safe. */
final class RedisState implements GroupObserver.Listener {

  private volatile boolean away;
  private volatile @Nullable String writesRefused;

  @Override
  public void away() {
    away = true;
  }

  @Override
  public void answers(Optional<String> refused) {
    writesRefused = refused.orElse(null);
    away = false;
  }

  boolean isAway() {
    return away;
  }

  /**
   * Why the worker cannot work with Redis, if it cannot. A server that refuses writes can store
   * neither locks nor acknowledgements nor dead letters.
   */
  Optional<String> problem() {
    return away
        ? Optional.of("Redis is away")
        : Optional.ofNullable(writesRefused).map(said -> "Redis refuses all writes: " + said);
  }
}
