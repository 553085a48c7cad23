package io.streamfleet.peers.redisson;

import static java.util.Objects.requireNonNull;

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
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.AutoClaimResult;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;
import org.redisson.config.Config;

/**
 * Redisson: {@code RStream.readGroup}, {@code ack} for each entry, a periodic {@code autoClaim},
 * and an {@code RLock} for each channel, which its watchdog renews; as in <a
 * href="https://redisson.pro/docs/data-and-services/queues/#stream">its documentation</a>.
 */
public final class RedissonPeer implements Peer {

  private static final int COUNT = 100;
  private static final Duration BLOCK = Duration.ofSeconds(1);
  private static final int THREADS = 16;

  /** The default is 32: more than a machine with few cores needs. */
  private static final int NETTY_THREADS = 4;

  @Override
  public String id() {
    return "redisson";
  }

  @Override
  public String name() {
    return "Redisson";
  }

  @Override
  public String version() {
    return "Redisson " + RedissonClient.class.getPackage().getImplementationVersion();
  }

  @Override
  public String configuration() {
    return "readGroup of %d, %d virtual threads, ack for each entry; ordered: RLock"
        .formatted(COUNT, THREADS);
  }

  @Override
  public List<String> doesNotGuarantee() {
    return List.of(
        Lacks.ORDER,
        Lacks.LONG_HANDLERS,
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
    private final RedissonClient client;
    private final RStream<String, byte[]> stream;
    private final Loop reading;
    private final Loop claiming;

    Reading(Assignment assignment, EntryHandler handler) {
      this.assignment = assignment;
      this.handler = handler;
      Config config = new Config().setNettyThreads(NETTY_THREADS);
      config.useSingleServer().setAddress(assignment.url());
      client = Redisson.create(config);
      stream =
          client.getStream(
              assignment.stream(),
              new CompositeCodec(StringCodec.INSTANCE, ByteArrayCodec.INSTANCE));
      reading = Loop.always("reading", this::read);
      claiming = Loop.every(assignment.claimEvery(), "claiming", this::claim);
    }

    private void read() throws InterruptedException {
      start(
          stream.readGroup(
              assignment.group(),
              assignment.consumer(),
              StreamReadGroupArgs.neverDelivered().count(COUNT).timeout(BLOCK)));
    }

    private void claim() throws InterruptedException {
      StreamMessageId cursor = StreamMessageId.MIN;
      do {
        AutoClaimResult<String, byte[]> claimed =
            stream.autoClaim(
                assignment.group(),
                assignment.consumer(),
                assignment.minIdle().toMillis(),
                TimeUnit.MILLISECONDS,
                cursor,
                COUNT);
        start(claimed.getMessages());
        cursor = claimed.getNextId();
      } while (cursor.getId0() != 0 || cursor.getId1() != 0);
    }

    private void start(Map<StreamMessageId, Map<String, byte[]>> messages)
        throws InterruptedException {
      for (Map.Entry<StreamMessageId, Map<String, byte[]>> message : messages.entrySet()) {
        crew.start(() -> settle(message.getKey(), message.getValue()));
      }
    }

    private void settle(StreamMessageId id, Map<String, byte[]> fields)
        throws InterruptedException {
      Map<String, Object> payload = Payload.read(requireNonNull(fields.get(Assignment.DATA)));
      if (!assignment.ordered()) {
        handle(id, payload);
        return;
      }
      RLock lock = client.getLock(assignment.lockPrefix() + ":" + Payload.channel(payload));
      lock.lock();
      try {
        handle(id, payload);
      } finally {
        lock.unlock();
      }
    }

    private void handle(StreamMessageId id, Map<String, Object> payload)
        throws InterruptedException {
      handler.handle(payload);
      stream.ack(assignment.group(), id);
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
