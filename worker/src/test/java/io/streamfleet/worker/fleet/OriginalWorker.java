package io.streamfleet.worker.fleet;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.streamfleet.handler.Direction;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.decode.HeaderScan;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Acts on Redis exactly as the Python original does, command by command: a task for each entry,
 * each waiting for its channel's lock by polling; a check of the pending list that ignores the
 * owner; a sweep that always starts at 0-0; attempts in a hash; a requeue in two steps.
 */
public final class OriginalWorker implements AutoCloseable {

  /** The original's lock asks again this often. */
  private static final Duration POLL = Duration.ofMillis(50);

  private static final String STREAM = "in";
  private static final String GROUP = "g";

  private final RedisClient client;
  private final StatefulRedisConnection<String, byte[]> reading;
  private final StatefulRedisConnection<String, byte[]> commands;
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final HeaderScan scan = new HeaderScan("channel_id");
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final String name;
  private final MessageHandler handler;
  private final Duration minIdle;
  private final Duration patience;
  private volatile boolean running = true;

  /**
   * @param minIdle from when on its sweep takes entries of others
   * @param patience how long it waits for a lock before it puts the message at the stream's end
   */
  public OriginalWorker(
      String redisUrl, String name, MessageHandler handler, Duration minIdle, Duration patience) {
    this.name = name;
    this.handler = handler;
    this.minIdle = minIdle;
    this.patience = patience;
    RedisCodec<String, byte[]> codec = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    client = RedisClient.create(RedisURI.create(redisUrl));
    reading = client.connect(codec);
    commands = client.connect(codec);
    tasks.execute(() -> guarded(this::consume));
    tasks.execute(() -> guarded(this::sweep));
  }

  private interface Step {
    void run() throws Exception;
  }

  private void guarded(Step step) {
    try {
      step.run();
    } catch (Exception e) {
      failures.add(e);
    }
  }

  @SuppressWarnings("unchecked") // the client's varargs
  private void consume() {
    while (running) {
      List<StreamMessage<String, byte[]>> read =
          reading
              .sync()
              .xreadgroup(
                  Consumer.from(GROUP, name),
                  XReadArgs.Builder.count(10).block(100),
                  XReadArgs.StreamOffset.lastConsumed(STREAM));
      read.forEach(message -> tasks.execute(() -> guarded(() -> task(message))));
    }
  }

  private void sweep() {
    while (running) {
      LockSupport.parkNanos(minIdle.toNanos() / 2);
      redis()
          .xautoclaim(
              STREAM,
              new XAutoClaimArgs<String>()
                  .consumer(Consumer.from(GROUP, name))
                  .minIdleTime(minIdle)
                  .startId("0-0")
                  .count(10))
          .getMessages()
          .forEach(
              message -> {
                long attempts = redis().hincrby("sg:autoclaim:attempts", message.getId(), 1);
                if (attempts > 3) {
                  redis().xadd("dlq", Map.of("original_msg_id", Traffic.text(message.getId())));
                  redis().xack(STREAM, GROUP, message.getId());
                  redis().hdel("sg:autoclaim:attempts", message.getId());
                } else {
                  tasks.execute(() -> guarded(() -> task(message)));
                }
              });
    }
  }

  private void task(StreamMessage<String, byte[]> message) throws Exception {
    byte[] data = Objects.requireNonNull(message.getBody().get("data"));
    Entry entry =
        new Entry(
            new StreamName(Direction.INBOUND, STREAM, GROUP, name),
            new RawEntry(EntryId.parse(message.getId()), 1, true, data, null, null),
            data,
            scan.scan(data),
            0,
            0);
    String lock = "sg:lock:channel:" + entry.channel();
    Optional<byte[]> token = acquire(lock);
    if (token.isEmpty()) {
      redis()
          .xadd(STREAM, Map.of("data", data, "ts", Traffic.text(""), "trace_id", Traffic.text("")));
      redis().xack(STREAM, GROUP, message.getId());
      return;
    }
    try {
      handle(entry);
    } finally {
      redis()
          .eval(
              "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end"
                  + " return 0",
              ScriptOutputType.INTEGER,
              new String[] {lock},
              token.get());
    }
  }

  private Optional<byte[]> acquire(String lock) {
    byte[] token = Traffic.text(UUID.randomUUID().toString());
    long deadline = System.nanoTime() + patience.toNanos();
    do {
      if ("OK".equals(redis().set(lock, token, SetArgs.Builder.nx().ex(60)))) {
        return Optional.of(token);
      }
      LockSupport.parkNanos(POLL.toNanos());
    } while (running && System.nanoTime() - deadline < 0);
    return Optional.empty();
  }

  private void handle(Message message) throws Exception {
    // Whether somebody has it pending, no matter who.
    boolean pending =
        !redis()
            .xpending(STREAM, GROUP, Range.create(message.id(), message.id()), Limit.from(1))
            .isEmpty();
    if (pending) {
      handler.handle(message);
      redis().xack(STREAM, GROUP, message.id());
    }
  }

  private RedisCommands<String, byte[]> redis() {
    return commands.sync();
  }

  /** What went wrong in its tasks. */
  public List<Throwable> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() throws InterruptedException {
    running = false;
    tasks.shutdown();
    tasks.awaitTermination(10, TimeUnit.SECONDS);
    reading.close();
    commands.close();
    client.shutdown();
  }
}
