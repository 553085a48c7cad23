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

/**
 * Sees to the names of workers that are gone, each by a {@link Departures}. Tries again for as long
 * as it takes.
 */
final class DepartureWorker implements AutoCloseable {

  private static final Duration AGAIN = Duration.ofMillis(200);

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
   * Takes care of a name.
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
                    TimeUnit.MILLISECONDS.sleep(AGAIN.toMillis());
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

  /** Redis may be away: then it is asked again. */
  private boolean isBuried(ConsumerGroup group, String name, boolean helped) {
    try {
      return new Departures(link, Names.LOCK).proceed(group, name, helped);
    } catch (CompletionException e) {
      return false;
    }
  }

  /**
   * Whether all names are gone in time. A failover may have brought some back: so they are all seen
   * to once more.
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
