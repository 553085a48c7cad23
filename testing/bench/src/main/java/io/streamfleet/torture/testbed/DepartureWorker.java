package io.streamfleet.torture.testbed;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.group.ConsumerGroup;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Cleans up after workers that are gone, by {@link Departures}, and retries until it succeeds. */
final class DepartureWorker implements AutoCloseable {

  private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);

  private final RedisConnector connector;
  private final Link link;
  private final Phaser burials = new Phaser(1);
  private final Map<String, Boolean> all = new ConcurrentHashMap<>();
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  DepartureWorker(RedisPlace place) {
    connector = RedisConnector.to(settings(place), Duration.ZERO);
    link = connector.connect();
  }

  private static RedisSettings settings(RedisPlace place) {
    RedisSettings plain = RedisSettings.plain(place.url());
    return new RedisSettings(
        plain.url(),
        place.isCluster(),
        plain.resp2(),
        plain.commandTimeout(),
        plain.credentials(),
        plain.verifyHostname(),
        plain.clientName());
  }

  /**
   * Adds a name to clean up.
   *
   * @param helped whether its entries are handed over and its locks released, or left to the sweeps
   */
  void writeDeadLetter(String name, boolean helped) {
    all.put(name, helped);
    burials.register();
    open.add(name);
    Thread.ofVirtual()
        .name("departure-" + name)
        .start(
            () -> {
              try {
                for (ConsumerGroup group : Names.GROUPS) {
                  while (!closed && !isBuried(group, name, helped)) {
                    TimeUnit.MILLISECONDS.sleep(RETRY_INTERVAL.toMillis());
                  }
                }
                open.remove(name);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                burials.arriveAndDeregister();
              }
            });
  }

  /** Redis may be unavailable: then the attempt is repeated. */
  private boolean isBuried(ConsumerGroup group, String name, boolean helped) {
    try {
      return new Departures(link, Names.LOCK).proceed(group, name, helped);
    } catch (CompletionException e) {
      return false;
    }
  }

  /**
   * Waits until all names are removed; false on timeout. A failover may have restored some, so all
   * are processed once more.
   */
  boolean awaitAll(Duration patience) throws InterruptedException {
    Map.copyOf(all).forEach(this::writeDeadLetter);
    int phase = burials.arrive();
    try {
      burials.awaitAdvanceInterruptibly(phase, patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    }
    return open.isEmpty();
  }

  @Override
  public void close() {
    closed = true;
    connector.close();
  }
}
