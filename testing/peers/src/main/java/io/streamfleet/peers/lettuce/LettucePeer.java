package io.streamfleet.peers.lettuce;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.Consumer;
import io.lettuce.core.LettuceVersion;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.models.stream.ClaimedMessages;
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

/**
 * Plain Lettuce: a loop of XREADGROUP with COUNT and BLOCK, an XACK for each entry once it is
 * handled, and a periodic XAUTOCLAIM, all by the synchronous API, as in <a
 * href="https://redis.io/docs/latest/develop/use-cases/streaming/java-lettuce/">Redis streaming
 * with Lettuce</a>. Unlike that page it handles entries concurrently, on virtual threads that share
 * a connection, which Lettuce supports.
 */
public final class LettucePeer implements Peer {

  private static final int COUNT = 100;
  private static final Duration BLOCK = Duration.ofSeconds(1);
  private static final int THREADS = 64;

  @Override
  public String id() {
    return "lettuce";
  }

  @Override
  public String name() {
    return "Lettuce";
  }

  @Override
  public String version() {
    return "Lettuce " + LettuceVersion.getVersion();
  }

  @Override
  public String configuration() {
    return "XREADGROUP COUNT %d BLOCK %d, %d virtual threads on one connection, XACK for each entry; ordered: SET NX PX %d"
        .formatted(COUNT, BLOCK.toMillis(), THREADS, ChannelLock.TTL.toMillis());
  }

  @Override
  public List<String> doesNotGuarantee() {
    return List.of(
        Lacks.ORDER,
        Lacks.LONG_HANDLERS,
        Lacks.LOCK_RENEWAL,
        Lacks.FENCING,
        Lacks.RETRIES,
        Lacks.DEAD_LETTERS,
        Lacks.NAMES);
  }

  @Override
  public Consumption start(Assignment assignment, EntryHandler handler) {
    return new Reading(assignment, handler);
  }

  /** The loops of one process. */
  private static final class Reading implements Consumption {

    private final Assignment assignment;
    private final EntryHandler handler;
    private final Crew crew = new Crew(THREADS);
    private final RedisClient client;
    private final RedisCommands<String, byte[]> reads;
    private final RedisCommands<String, byte[]> redis;
    private final ChannelLock lock;
    private final Consumer<String> consumer;
    private final Loop reading;
    private final Loop claiming;

    Reading(Assignment assignment, EntryHandler handler) {
      this.assignment = assignment;
      this.handler = handler;
      client = RedisClient.create(assignment.url());
      reads = connect().sync();
      redis = connect().sync();
      lock = new ChannelLock(redis, assignment.lockPrefix());
      consumer = Consumer.from(assignment.group(), assignment.consumer());
      reading = Loop.always("reading", this::read);
      claiming = Loop.every(assignment.claimEvery(), "claiming", this::claim);
    }

    private StatefulRedisConnection<String, byte[]> connect() {
      return client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    }

    @SuppressWarnings("unchecked")
    private void read() throws InterruptedException {
      start(
          reads.xreadgroup(
              consumer,
              XReadArgs.Builder.count(COUNT).block(BLOCK),
              StreamOffset.lastConsumed(assignment.stream())));
    }

    private void claim() throws InterruptedException {
      String cursor = "0-0";
      do {
        ClaimedMessages<String, byte[]> claimed =
            redis.xautoclaim(
                assignment.stream(),
                XAutoClaimArgs.Builder.xautoclaim(consumer, assignment.minIdle(), cursor)
                    .count(COUNT));
        start(claimed.getMessages());
        cursor = claimed.getId();
      } while (!cursor.equals("0-0"));
    }

    private void start(List<StreamMessage<String, byte[]>> messages) throws InterruptedException {
      for (StreamMessage<String, byte[]> message : messages) {
        crew.start(() -> settle(message));
      }
    }

    private void settle(StreamMessage<String, byte[]> message) throws InterruptedException {
      Map<String, Object> payload =
          Payload.read(requireNonNull(message.getBody().get(Assignment.DATA)));
      if (assignment.ordered()) {
        lock.with(Payload.channel(payload), () -> handle(message, payload));
      } else {
        handle(message, payload);
      }
    }

    private void handle(StreamMessage<String, byte[]> message, Map<String, Object> payload)
        throws InterruptedException {
      handler.handle(payload);
      redis.xack(assignment.stream(), assignment.group(), message.getId());
    }

    @Override
    public void close() {
      reading.stop();
      claiming.stop();
      crew.awaitAll();
      client.shutdown();
    }
  }
}
