package io.streamfleet.console.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisException;
import io.lettuce.core.resource.DnsResolver;
import io.streamfleet.api.Protocol;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.SecretRef;
import io.streamfleet.api.TlsSpec;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.NamespaceHosts;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.RedisThreads;
import io.streamfleet.redis.Secret;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection for each Redis that fleets name. Fleets of a namespace that declare the same one
 * share it. Thread-safe.
 */
public final class RedisLinks implements AutoCloseable {

  /** Somebody waits in front of a page. */
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /**
   * What failed is not tried again at once: each attempt holds a poll for as long as the timeout.
   */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** Connections close within milliseconds, or never. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private record Place(String namespace, RedisSpec spec) {}

  private final Cluster cluster;

  /** Connections that are being closed and still need the threads. */
  private final Queue<CompletableFuture<Void>> closing = new ConcurrentLinkedQueue<>();

  private final RedisThreads threads = RedisThreads.start();
  private final Map<Place, Connection> connections = new ConcurrentHashMap<>();

  public RedisLinks(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * The connection to a fleet's Redis.
   *
   * @throws RedisException if it cannot be reached, with the reason
   */
  public Link of(FleetKey fleet, RedisSpec spec) {
    return connections.computeIfAbsent(new Place(fleet.namespace(), spec), Connection::new).open();
  }

  /** Closes those that no fleet uses any more. */
  public void keepOnly(Collection<FleetResource> fleets) {
    Set<Place> used = new HashSet<>();
    fleets.forEach(
        fleet ->
            fleet.spec().ifPresent(it -> used.add(new Place(fleet.key().namespace(), it.redis()))));
    connections.forEach(
        (place, connection) -> {
          if (!used.contains(place) && connections.remove(place, connection)) {
            connection.close();
          }
        });
  }

  @Override
  public void close() {
    connections.values().forEach(Connection::close);
    connections.clear();
    CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> null)
        .join();
    threads.close();
  }

  private final class Connection {

    private final Place place;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private @Nullable RedisConnector connector;
    private @Nullable Link link;
    private @Nullable RedisException failure;
    private long failedAt;

    Connection(Place place) {
      this.place = place;
    }

    Link open() {
      lock.lock();
      try {
        Link open = link;
        if (open != null) {
          return open;
        }
        RedisException last = failure;
        if (last != null && System.nanoTime() - failedAt < PAUSE.toNanos()) {
          throw last;
        }
        return connect();
      } finally {
        lock.unlock();
      }
    }

    private Link connect() {
      try {
        Credentials credentials = credentials();
        NamespaceHosts hosts = new NamespaceHosts(place.namespace(), InetAddress::getAllByName);
        DnsResolver resolver = hosts::addresses;
        RedisConnector made =
            RedisConnector.sharing(threads, settings(credentials), Duration.ZERO, resolver);
        connector = made;
        Link fresh =
            made.connectAsync(TIMEOUT).get(TIMEOUT.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        // The client would reconnect with an old password.
        fresh.onBroken(() -> Thread.ofVirtual().start(this::close));
        link = fresh;
        failure = null;
        return fresh;
      } catch (ExecutionException | TimeoutException | RuntimeException e) {
        throw failed(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed(e);
      }
    }

    private RedisException failed(Exception e) {
      closeConnector();
      RedisException told =
          new RedisException("cannot connect to Redis: " + Failures.line(Failures.cause(e)));
      failure = told;
      failedAt = System.nanoTime();
      return told;
    }

    private RedisSettings settings(Credentials credentials) {
      RedisSpec spec = place.spec();
      return new RedisSettings(
          spec.url(),
          spec.cluster(),
          spec.protocol() == Protocol.Resp2,
          TIMEOUT,
          () -> credentials,
          spec.tls() == null || spec.tls().verifyHostname(),
          "streamfleet-console");
    }

    private Credentials credentials() {
      RedisSpec spec = place.spec();
      TlsSpec tls = spec.tls();
      return Credentials.of(
          secret(spec.credentialsSecret()),
          secret(spec.sentinelCredentialsSecret()),
          secret(tls == null ? null : tls.caSecret()),
          secret(tls == null ? null : tls.clientSecret()));
    }

    private Optional<Secret> secret(@Nullable SecretRef named) {
      return Optional.ofNullable(named).map(ref -> secret(ref.name()));
    }

    private Secret secret(String name) {
      JsonNode found =
          cluster
              .get(
                  "/api/v1/namespaces/%s/secrets/%s"
                      .formatted(Cluster.encoded(place.namespace()), Cluster.encoded(name)))
              .orElseThrow(() -> new ClusterFailure(404, "there is no Secret " + name));
      Map<String, byte[]> data = new HashMap<>();
      found
          .path("data")
          .properties()
          .forEach(
              field ->
                  data.put(field.getKey(), Base64.getDecoder().decode(field.getValue().asText())));
      return Secret.of(name, data);
    }

    private void closeConnector() {
      link = null;
      RedisConnector old = connector;
      connector = null;
      if (old != null) {
        closing.removeIf(CompletableFuture::isDone);
        closing.add(old.closeAsync());
      }
    }

    void close() {
      lock.lock();
      try {
        closeConnector();
      } finally {
        lock.unlock();
      }
    }
  }
}
