package io.streamfleet.worker.fleet;

import io.lettuce.core.RedisException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Messages published at an even pace over ten channels, through faults of the server too: what
 * Redis has confirmed is remembered, what it has not is published again under another id.
 */
public final class Load implements AutoCloseable {

  /** A few hundred in a second: enough that every fault meets messages at every step. */
  private static final long PACE_MILLIS = 3;

  private static final int CHANNELS = 10;

  private final Traffic traffic;
  private final String stream;
  private final Set<String> published = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon(true).factory());
  private int next;

  private Load(String url, String stream) {
    this.traffic = new Traffic(url);
    this.stream = stream;
  }

  /** Begins to publish. */
  public static Load on(String url, String stream) {
    Load load = new Load(url, stream);
    load.clock.scheduleAtFixedRate(load::publish, 0, PACE_MILLIS, TimeUnit.MILLISECONDS);
    return load;
  }

  private void publish() {
    try {
      published.add(traffic.publish(stream, "c" + next++ % CHANNELS));
    } catch (RedisException e) {
      // Not confirmed: it may be there or not, and nobody was promised anything.
    }
  }

  /** Ids that Redis has confirmed so far. */
  public Set<String> published() {
    return Set.copyOf(published);
  }

  /** Ends the publishing; returns all ids that Redis has confirmed. */
  public Set<String> stop() throws InterruptedException {
    clock.shutdown();
    if (!clock.awaitTermination(90, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the last message is still on its way");
    }
    return published();
  }

  @Override
  public void close() throws InterruptedException {
    clock.shutdownNow();
    traffic.close();
  }
}
