package io.streamfleet.peers.spring;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisURI;
import io.streamfleet.peers.Assignment;
import io.streamfleet.peers.Crew;
import io.streamfleet.peers.EntryHandler;
import io.streamfleet.peers.Loop;
import io.streamfleet.peers.Payload;
import io.streamfleet.peers.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
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

/**
 * Spring Data Redis: a {@code StreamMessageListenerContainer} with an executor, {@code batchSize}
 * and {@code pollTimeout}, acknowledging by hand, as in <a
 * href="https://docs.spring.io/spring-data/redis/reference/redis/redis-streams.html">its
 * documentation</a>. A subscription handles its entries one after the other, so there are several.
 * The container takes nothing over; that is XPENDING and XCLAIM now and then, by the template. The
 * locks are those of Spring Integration.
 */
public final class SpringPeer implements Peer {

  private static final int BATCH = 100;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int SUBSCRIPTIONS = 8;

  /** As the Python consumers hold a channel's. */
  private static final Duration LOCK_HELD = Duration.ofSeconds(60);

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
    return "%d subscriptions, batchSize %d, pooled connections, XACK for each entry; ordered: RedisLockRegistry"
        .formatted(SUBSCRIPTIONS, BATCH);
  }

  @Override
  public List<String> doesNotGuarantee() {
    return List.of();
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
    private final Loop claiming;

    Listening(Assignment assignment, EntryHandler handler) {
      this.assignment = assignment;
      this.handler = handler;
      connections = connections(RedisURI.create(assignment.url()));
      streams = streams(connections);
      locks = new RedisLockRegistry(connections, assignment.lockPrefix(), LOCK_HELD.toMillis());
      container = StreamMessageListenerContainer.create(connections, options());
      for (int number = 1; number <= SUBSCRIPTIONS; number++) {
        container.register(request(number), this::settle);
      }
      container.start();
      claiming = Loop.every(assignment.claimEvery(), "claiming", this::claim);
    }

    private static LettuceConnectionFactory connections(RedisURI uri) {
      LettuceConnectionFactory factory =
          new LettuceConnectionFactory(
              new RedisStandaloneConfiguration(uri.getHost(), uri.getPort()),
              LettucePoolingClientConfiguration.builder().build());
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

    private static StreamMessageListenerContainerOptions<String, MapRecord<String, String, byte[]>>
        options() {
      return StreamMessageListenerContainerOptions.builder()
          .batchSize(BATCH)
          .pollTimeout(POLL)
          .executor(new SimpleAsyncTaskExecutor("listener-"))
          .keySerializer(RedisSerializer.string())
          .<String, byte[]>hashKeySerializer(RedisSerializer.string())
          .<String, byte[]>hashValueSerializer(RedisSerializer.byteArray())
          .build();
    }

    private StreamReadRequest<String> request(int number) {
      return StreamReadRequest.builder(
              StreamOffset.create(assignment.stream(), ReadOffset.lastConsumed()))
          .consumer(Consumer.from(assignment.group(), assignment.consumer() + "-" + number))
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
      Lock lock = locks.obtain(Payload.channel(payload));
      lock.lock();
      try {
        handle(message, payload);
      } finally {
        lock.unlock();
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
      locks.destroy();
      connections.destroy();
    }
  }
}
