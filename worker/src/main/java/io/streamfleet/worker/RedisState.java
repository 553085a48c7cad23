package io.streamfleet.worker;

import io.streamfleet.worker.metrics.GroupObserver;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How Redis was when it was last asked. Any thread may ask. */
final class RedisState implements GroupObserver.Audience {

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
   * Why nobody can work with it, if so. One that takes no writes takes neither locks nor letters.
   */
  Optional<String> problem() {
    return away
        ? Optional.of("Redis is away")
        : Optional.ofNullable(writesRefused).map(said -> "Redis refuses all writes: " + said);
  }
}
