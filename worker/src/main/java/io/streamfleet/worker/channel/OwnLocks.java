package io.streamfleet.worker.channel;

import io.streamfleet.worker.loop.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * For channels that nobody else handles, since this worker alone has their partition: whoever asks
 * has the lock, and Redis is not asked. Belongs to the pipeline's loop.
 *
 * @param loop where the answer comes, after the turn in which it was asked for, as from Redis
 */
public record OwnLocks(EventLoop loop) implements LaneLocks {

  @Override
  public boolean areShared() {
    return false;
  }

  @Override
  public void acquire(List<String> keys, LaneLocks.Callback<Map<String, String>> then) {
    long now = loop.now();
    Map<String, String> ours = HashMap.newHashMap(keys.size());
    keys.forEach(key -> ours.put(key, ""));
    loop.execute(() -> then.answered(keys, ours, now));
  }

  @Override
  public void renew(List<String> keys, LaneLocks.Callback<List<String>> then) {
    long now = loop.now();
    loop.execute(() -> then.answered(keys, List.of(), now));
  }

  @Override
  public CompletableFuture<Void> release(
      List<String> keys, BiConsumer<List<String>, @Nullable Throwable> then) {
    loop.execute(() -> then.accept(keys, null));
    return CompletableFuture.completedFuture(null);
  }
}
