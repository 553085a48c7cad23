package io.streamfleet.original;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.streamfleet.original.Processing.Header;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Acts on Redis exactly as the Python original does, command by command: one task per entry, each
 * polling for its channel's lock; a check of the pending list that ignores the owner; attempts
 * counted in the process; a sweep that always starts at 0-0 and counts claims in a hash; a requeue
 * and a dead letter in two steps. Its locks are not renewed.
 */
public final class OriginalWorker implements AutoCloseable {

  private static final int BATCH = 10;

  /** The number of attempts, and of claims, after which a message becomes a dead letter. */
  private static final int MAX_ATTEMPTS = 3;

  /** Short, so that it soon notices a shutdown; the original is cancelled instead. */
  private static final Duration BLOCK_TIME = Duration.ofMillis(100);

  /** The original's pause after an error in its read loop. */
  private static final Duration ERROR_PAUSE = Duration.ofSeconds(2);

  /** How long a shutdown waits for running tasks; the original has no limit. */
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(10);

  private final OriginalSettings settings;
  private final Processing processing;
  private final RedisClient client;
  private final StatefulRedisConnection<String, byte[]> reading;
  private final StatefulRedisConnection<String, byte[]> commands;
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Thread reader = Thread.ofVirtual().name("original-read").unstarted(this::consume);
  private final Thread sweeper = Thread.ofVirtual().name("original-sweep").unstarted(this::sweep);
  private volatile boolean running = true;

  /** Starts it; its group has to exist. */
  public OriginalWorker(OriginalSettings settings, Processing processing) {
    this.settings = settings;
    this.processing = processing;
    RedisCodec<String, byte[]> codec = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    client = RedisClient.create(RedisURI.create(settings.redisUrl()));
    reading = client.connect(codec);
    commands = client.connect(codec);
    reader.start();
    sweeper.start();
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Returns whether the step succeeded. */
  private boolean guarded(Step step) {
    try {
      step.run();
      return true;
    } catch (InterruptedException | RedisCommandInterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      failures.add(e);
      return false;
    }
  }

  private void consume() {
    while (running) {
      if (!guarded(this::readOnce)) {
        guarded(() -> TimeUnit.NANOSECONDS.sleep(ERROR_PAUSE.toNanos()));
      }
    }
  }

  @SuppressWarnings("unchecked") // the client's varargs
  private void readOnce() {
    reading
        .sync()
        .xreadgroup(
            Consumer.from(settings.group(), settings.name()),
            XReadArgs.Builder.count(BATCH).block(BLOCK_TIME),
            XReadArgs.StreamOffset.lastConsumed(settings.stream()))
        .forEach(message -> tasks.execute(() -> guarded(() -> task(message))));
  }

  private void sweep() {
    while (running) {
      guarded(
          () -> {
            TimeUnit.NANOSECONDS.sleep(settings.minIdle().toNanos() / 2);
            sweepOnce();
          });
    }
  }

  private void sweepOnce() {
    List<StreamMessage<String, byte[]>> claimed =
        redis()
            .xautoclaim(
                settings.stream(),
                new XAutoClaimArgs<String>()
                    .consumer(Consumer.from(settings.group(), settings.name()))
                    .minIdleTime(settings.minIdle())
                    .startId("0-0")
                    .count(BATCH))
            .getMessages();
    for (StreamMessage<String, byte[]> message : claimed) {
      long claims = redis().hincrby(settings.claims(), message.getId(), 1);
      if (claims > MAX_ATTEMPTS) {
        bury(message, "Max claim attempts exceeded: " + claims, claims);
        redis().hdel(settings.claims(), message.getId());
      } else {
        tasks.execute(() -> guarded(() -> task(message)));
      }
    }
  }

  private void task(StreamMessage<String, byte[]> message) throws Exception {
    Header header;
    try {
      header = processing.read(data(message));
    } catch (Exception e) {
      failed(message, e, attempts.merge(message.getId(), 1, Integer::sum));
      return;
    }
    if (!header.addressed()) {
      handle(message, header);
      return;
    }
    ChannelLock lock =
        new ChannelLock(redis(), settings.locks() + header.channel(), settings.lockTtl());
    if (!lock.acquire(settings.patience())) {
      requeue(message);
      return;
    }
    try {
      handle(message, header);
    } finally {
      lock.release();
    }
  }

  private void handle(StreamMessage<String, byte[]> message, Header header)
      throws InterruptedException {
    // Whether the entry is pending for any consumer.
    Range<String> itself = Range.create(message.getId(), message.getId());
    if (redis().xpending(settings.stream(), settings.group(), itself, Limit.from(1)).isEmpty()) {
      attempts.remove(message.getId());
      return;
    }
    int attempt = attempts.merge(message.getId(), 1, Integer::sum);
    try {
      processing.process(message.getId(), header, attempt, data(message));
      acknowledge(message);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      failed(message, e, attempt);
    }
  }

  /** The entry stays pending until a sweep claims it, or becomes a dead letter. */
  private void failed(StreamMessage<String, byte[]> message, Exception e, int attempt) {
    if (attempt >= MAX_ATTEMPTS) {
      bury(message, String.valueOf(e.getMessage()), attempt);
    }
  }

  private void bury(StreamMessage<String, byte[]> message, String error, long attempt) {
    Map<String, byte[]> letter = new LinkedHashMap<>();
    letter.put("original_stream", text(settings.stream()));
    letter.put("original_msg_id", text(message.getId()));
    letter.put("error", text(error));
    letter.put("attempt", text(Long.toString(attempt)));
    letter.putAll(threeFields(message));
    redis().xadd(settings.deadLetters(), letter);
    acknowledge(message);
  }

  private void requeue(StreamMessage<String, byte[]> message) {
    redis().xadd(settings.stream(), threeFields(message));
    acknowledge(message);
  }

  private void acknowledge(StreamMessage<String, byte[]> message) {
    redis().xack(settings.stream(), settings.group(), message.getId());
    attempts.remove(message.getId());
  }

  /** All that it keeps of an entry. */
  private static Map<String, byte[]> threeFields(StreamMessage<String, byte[]> message) {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    for (String name : List.of("data", "ts", "trace_id")) {
      fields.put(name, message.getBody().getOrDefault(name, text("")));
    }
    return fields;
  }

  private static byte[] data(StreamMessage<String, byte[]> message) {
    return Objects.requireNonNull(message.getBody().get("data"), "an entry without data");
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private RedisCommands<String, byte[]> redis() {
    return commands.sync();
  }

  /** Errors in its loops and tasks, other than those of the processing. */
  public List<Throwable> failures() {
    return List.copyOf(failures);
  }

  /** Stops reading, and waits for running tasks; unfinished entries stay pending. */
  @Override
  public void close() throws InterruptedException {
    running = false;
    sweeper.interrupt();
    reader.join();
    sweeper.join();
    tasks.shutdown();
    if (!tasks.awaitTermination(SHUTDOWN_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      tasks.shutdownNow();
    }
    reading.close();
    commands.close();
    client.shutdown();
  }
}
