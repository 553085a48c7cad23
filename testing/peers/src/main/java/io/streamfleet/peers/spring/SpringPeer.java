package io.streamfleet.peers.spring;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.streamfleet.peers.Assignment;
import io.streamfleet.peers.Crew;
import io.streamfleet.peers.EntryHandler;
import io.streamfleet.peers.Lacks;
import io.streamfleet.peers.Loop;
import io.streamfleet.peers.Payload;
import io.streamfleet.peers.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.PendingMessages;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.StreamOperations;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamReadRequest;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Spring Data Redis: a {@code StreamMessageListenerContainer} with an executor, {@code batchSize}
 * and {@code pollTimeout}, and manual acknowledgement, as in <a
 * href="https://docs.spring.io/spring-data/redis/reference/redis/redis-streams.html">its
 * documentation</a>. A subscription handles its entries sequentially, so there are several. The
 * container does not claim entries; a periodic XPENDING and XCLAIM by the template does. The locks
 * are those of Spring Integration.
 */
public final class SpringPeer implements Peer {

  private static final int BATCH = 100;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int SUBSCRIPTIONS = 8;

  /** The map of locks is resized occasionally, but not twice while one entry waits. */
  private static final int LOCK_ATTEMPTS = 3;

  /** The same as the worker's {@code drainTimeout}. */
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);

  /** The same as in the Python consumers. */
  private static final Duration LOCK_TTL = Duration.ofSeconds(60);

  @Override
  public String id() {
    return "spring";
  }

  @Override
  public String name() {
    return "Spring Data Redis";
  }

  @Override
  public String version() {
    return "Spring Data Redis %s, Spring Integration %s"
        .formatted(
            RedisTemplate.class.getPackage().getImplementationVersion(),
            RedisLockRegistry.class.getPackage().getImplementationVersion());
  }

  @Override
  public String configuration() {
    return "%d subscriptions, batchSize %d, pooled connections, XACK for each entry; ordered: RedisLockRegistry by pub/sub"
        .formatted(SUBSCRIPTIONS, BATCH);
  }

  @Override
  public List<String> doesNotGuarantee() {
    return List.of(
        Lacks.ORDER,
        "handling side by side within a subscription: a slow entry, or one that waits for its"
            + " channel, holds up those read with it",
        Lacks.LONG_HANDLERS,
        Lacks.LOCK_RENEWAL,
        Lacks.FENCING,
        Lacks.RETRIES,
        Lacks.DEAD_LETTERS,
        Lacks.NAMES,
        "taking over of what a dead consumer left: the container has none, it is built beside it"
            + " here");
  }

  @Override
  public int readers() {
    return SUBSCRIPTIONS;
  }

  @Override
  public Consumption start(Assignment assignment, EntryHandler handler) {
    return new Listening(assignment, handler);
  }

  /** The container of one process. */
  private static final class Listening implements Consumption {

    private final Assignment assignment;
    private final EntryHandler handler;
    private final LettuceConnectionFactory connections;
    private final StreamOperations<String, String, byte[]> streams;
    private final RedisLockRegistry locks;
    private final StreamMessageListenerContainer<String, MapRecord<String, String, byte[]>>
        container;
    private final ThreadPoolTaskExecutor executor = executor();
    private final Loop claiming;

    Listening(Assignment assignment, EntryHandler handler) {
      this.assignment = assignment;
      this.handler = handler;
      connections = connections(RedisURI.create(assignment.url()));
      streams = streams(connections);
      locks = new RedisLockRegistry(connections, assignment.lockPrefix(), LOCK_TTL.toMillis());
      // Recommended by Spring for a single server; the other type polls every 100 ms.
      locks.setRedisLockType(RedisLockRegistry.RedisLockType.PUB_SUB_LOCK);
      container = StreamMessageListenerContainer.create(connections, options());
      for (int i = 0; i < SUBSCRIPTIONS; i++) {
        container.register(request(), this::settle);
      }
      container.start();
      claiming = Loop.every(assignment.claimEvery(), "claiming", this::claim);
    }

    private static LettuceConnectionFactory connections(RedisURI uri) {
      // One connection for every waiting subscription, one for the locks, and some for claims.
      GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
      pool.setMaxTotal(2 * SUBSCRIPTIONS);
      pool.setMaxIdle(2 * SUBSCRIPTIONS);
      LettuceConnectionFactory factory =
          new LettuceConnectionFactory(
              new RedisStandaloneConfiguration(uri.getHost(), uri.getPort()),
              LettucePoolingClientConfiguration.builder().poolConfig(pool).build());
      factory.afterPropertiesSet();
      factory.start();
      return factory;
    }

    private static StreamOperations<String, String, byte[]> streams(
        LettuceConnectionFactory connections) {
      RedisTemplate<String, byte[]> template = new RedisTemplate<>();
      template.setConnectionFactory(connections);
      template.setKeySerializer(RedisSerializer.string());
      template.setHashKeySerializer(RedisSerializer.string());
      template.setHashValueSerializer(RedisSerializer.byteArray());
      template.afterPropertiesSet();
      return template.opsForStream();
    }

    private static ThreadPoolTaskExecutor executor() {
      ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
      executor.setCorePoolSize(SUBSCRIPTIONS);
      // A stopped container does not wait for its listeners; the executor does.
      executor.setWaitForTasksToCompleteOnShutdown(true);
      executor.setAwaitTerminationMillis(DRAIN_TIMEOUT.toMillis());
      executor.initialize();
      return executor;
    }

    private StreamMessageListenerContainerOptions<String, MapRecord<String, String, byte[]>>
        options() {
      return StreamMessageListenerContainerOptions.builder()
          .batchSize(BATCH)
          .pollTimeout(POLL)
          .executor(executor)
          .keySerializer(RedisSerializer.string())
          .<String, byte[]>hashKeySerializer(RedisSerializer.string())
          .<String, byte[]>hashValueSerializer(RedisSerializer.byteArray())
          .build();
    }

    private StreamReadRequest<String> request() {
      return StreamReadRequest.builder(
              StreamOffset.create(assignment.stream(), ReadOffset.lastConsumed()))
          .consumer(Consumer.from(assignment.group(), assignment.consumer()))
          .autoAcknowledge(false)
          .errorHandler(Listening::end)
          .build();
    }

    private static void end(Throwable failure) {
      Crew.runOrEnd(
          () -> {
            throw new IllegalStateException("a subscription failed", failure);
          });
    }

    private void settle(MapRecord<String, String, byte[]> message) {
      Map<String, Object> payload =
          Payload.read(requireNonNull(message.getValue().get(Assignment.DATA)));
      if (!assignment.ordered()) {
        handle(message, payload);
        return;
      }
      Lock lock = lock(Payload.channel(payload));
      try {
        handle(message, payload);
      } finally {
        lock.unlock();
      }
    }

    /**
     * Takes a channel's lock. If another thread is resizing the registry's map at that moment, the
     * registry does not find the lock and reports that it was evicted and has to be obtained again.
     */
    private Lock lock(String channel) {
      for (int attempt = 1; ; attempt++) {
        Lock lock = locks.obtain(channel);
        try {
          lock.lock();
          return lock;
        } catch (CannotAcquireLockException e) {
          if (attempt == LOCK_ATTEMPTS) {
            throw e;
          }
        }
      }
    }

    private void handle(MapRecord<String, String, byte[]> message, Map<String, Object> payload) {
      try {
        handler.handle(payload);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("a handler was interrupted", e);
      }
      streams.acknowledge(assignment.group(), message);
    }

    private void claim() {
      PendingMessages idle;
      do {
        idle =
            streams.pending(
                assignment.stream(),
                assignment.group(),
                Range.unbounded(),
                BATCH,
                assignment.minIdle());
        RecordId[] ids = idle.stream().map(it -> it.getId()).toArray(RecordId[]::new);
        if (ids.length > 0) {
          streams
              .claim(
                  assignment.stream(),
                  assignment.group(),
                  assignment.consumer(),
                  assignment.minIdle(),
                  ids)
              .forEach(this::settle);
        }
      } while (idle.size() == BATCH);
    }

    @Override
    public void close() {
      claiming.stop();
      container.stop();
      executor.shutdown();
      locks.destroy();
      connections.destroy();
    }
  }
}
