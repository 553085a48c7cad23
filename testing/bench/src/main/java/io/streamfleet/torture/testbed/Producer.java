package io.streamfleet.torture.testbed;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import io.streamfleet.redis.EntryId;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.plan.Errand;
import io.streamfleet.torture.plan.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes continuously, limited to a small lead over the workers. A message without a reply from
 * Redis is sent again, and may exist twice.
 */
public final class Producer implements AutoCloseable {

  /** The maximum number of messages that no handler has seen yet. */
  private static final int MAX_UNSEEN = 60;

  /** At this rate a fleet is busy and a small machine is not saturated. */
  private static final Duration INTERVAL = Duration.ofMillis(7);

  /** Appends entries of three fields each. */
  private static final String TOGETHER =
      """
      local ids = {}
      for i = 1, #ARGV, 3 do
        ids[#ids + 1] = redis.call('XADD', KEYS[1], '*',
          'data', ARGV[i], 'ts', ARGV[i + 1], 'n', ARGV[i + 2])
      end
      return ids
      """;

  /**
   * Appends an entry whose payload is built within Redis, so that this process need not hold it: by
   * doubling, because Lua's own repetition works character by character.
   */
  private static final String PADDED =
      """
      local length, padding = tonumber(ARGV[3]), 'x'
      while 2 * #padding <= length do
        padding = padding .. padding
      end
      return redis.call('XADD', KEYS[1], ARGV[1],
        'data', ARGV[2] .. padding .. string.sub(padding, 1, length - #padding) .. ARGV[4],
        'ts', ARGV[5], 'n', ARGV[6])
      """;

  /** Avoids that a command that takes Redis a moment is sent several times. */
  private static final Duration PADDED_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);

  /** The creation time in all messages. */
  private static final String CREATED_AT = "1794614400.0";

  private final Journal journal;
  private final Messages messages;
  private final Access access;
  private final Access patient;
  private final Map<Long, Sent> sent = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("producer").unstarted(this::run);
  private final AtomicLong decodable = new AtomicLong();
  private final AtomicLong unseen = new AtomicLong();
  private long number;
  private boolean paused;
  private volatile boolean closed;

  /**
   * A published message.
   *
   * @param at when it was first sent, in nanoseconds since the start of the run
   */
  record Sent(Messages.Message message, long at) {}

  Producer(Journal journal, Messages messages, RedisPlace place) {
    this.journal = journal;
    this.messages = messages;
    access = Access.to(place, Duration.ofSeconds(2));
    patient = Access.to(place, PADDED_TIMEOUT);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        boolean room = journal.await(this::hasRoom, Duration.ofSeconds(1));
        synchronized (this) {
          if (room && !paused) {
            publishOne();
          }
        }
        TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
      }
    } catch (InterruptedException | RedisCommandInterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasRoom() {
    return decodable.get() - journal.seen(Names.IN) - unseen.get() < MAX_UNSEEN;
  }

  /** When this returns, no message is published any more. */
  synchronized void pause() {
    paused = true;
  }

  synchronized void resume() {
    paused = false;
    // Everything is settled: entries that no handler has seen until now never will be.
    unseen.set(decodable.get() - journal.seen(Names.IN));
  }

  /** Publishes a message that kills each worker that handles it. */
  synchronized void publishFatal(int channel) throws InterruptedException {
    publish(messages.fatal(number++, channel), "*");
  }

  /** Creates the message with a number. */
  interface Maker {
    Messages.Message make(Messages messages, long number);
  }

  /** Publishes a message and returns its key. */
  synchronized EntryKey publish(Maker maker) throws InterruptedException {
    return publish(maker.make(messages, number++), "*");
  }

  /**
   * Publishes this many messages, each in a channel that no other message uses, and returns their
   * keys.
   */
  List<EntryKey> publishAlone(int count, String channel, Errand.Kind kind)
      throws InterruptedException {
    List<EntryKey> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(publish((made, next) -> made.alone(next, channel + "-" + next, new Errand(kind, 0))));
    }
    return all;
  }

  /** Publishes one message in each of these channels, all at once, and returns their keys. */
  synchronized List<EntryKey> publishTogether(List<String> channels) throws InterruptedException {
    List<String> fields = new ArrayList<>();
    for (String channel : channels) {
      Messages.Message message =
          messages.alone(number++, channel, new Errand(Errand.Kind.PLAIN, 0));
      sent.put(message.number(), new Sent(message, journal.now()));
      fields.addAll(fields(message).values());
    }
    List<String> ids =
        access
            .redis()
            .eval(
                TOGETHER,
                ScriptOutputType.MULTI,
                new String[] {Names.IN},
                fields.toArray(String[]::new));
    decodable.addAndGet(ids.size());
    return ids.stream().map(it -> new EntryKey(Names.IN, EntryId.parse(it))).toList();
  }

  /**
   * Runs an action while publishing is paused, and then publishes some messages with low ids, as in
   * a stream that was created again.
   *
   * @param millis the first part of their ids
   */
  synchronized void afresh(FaultsUnderWay.Deed deed, int count, long millis)
      throws InterruptedException {
    deed.run();
    // Entries lost before a handler saw them will never be seen.
    unseen.set(decodable.get() - journal.seen(Names.IN));
    for (int i = 1; i <= count; i++) {
      publish(messages.message(number++), millis + "-" + i);
    }
  }

  /** Publishes this many messages. */
  synchronized void publish(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      publishOne();
    }
  }

  private void publishOne() throws InterruptedException {
    publish(messages.message(number++), "*");
  }

  private EntryKey publish(Messages.Message message, String id) throws InterruptedException {
    sent.put(message.number(), new Sent(message, journal.now()));
    while (true) {
      try {
        String given = append(message, id);
        if (message.errand().kind().isForHandlers()) {
          decodable.incrementAndGet();
        }
        return new EntryKey(Names.IN, EntryId.parse(given));
      } catch (RedisCommandExecutionException e) {
        if (String.valueOf(e.getMessage()).contains("equal or smaller")) {
          // An earlier try succeeded, and its reply was lost.
          return new EntryKey(Names.IN, EntryId.parse(id));
        }
      } catch (RedisCommandInterruptedException e) {
        throw e;
      } catch (RedisException e) {
        // Redis is unavailable and will be back.
      }
      TimeUnit.NANOSECONDS.sleep(RETRY_INTERVAL.toNanos());
    }
  }

  /** Appends a message and returns its id. */
  private String append(Messages.Message message, String id) {
    if (message.padding() == 0) {
      return access.redis().xadd(Names.IN, new XAddArgs().id(id), fields(message));
    }
    return patient
        .redis()
        .eval(
            PADDED,
            ScriptOutputType.VALUE,
            new String[] {Names.IN},
            id,
            head(message),
            Integer.toString(message.padding()),
            end(message),
            CREATED_AT,
            Long.toString(message.number()));
  }

  /** The fields for the evidence are outside the payload too, which may be undecodable. */
  private static Map<String, String> fields(Messages.Message message) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("data", head(message) + end(message));
    fields.put("ts", CREATED_AT);
    fields.put("n", Long.toString(message.number()));
    return fields;
  }

  /** The payload up to its padding. */
  private static String head(Messages.Message message) {
    return """
    {"channel_id":"%s","n":%d,"is_addressed":%s,"do":"%s","pad":"\
    """
        .formatted(message.channel(), message.number(), message.ordered(), message.errand());
  }

  /** The rest of the payload after the padding; without it a payload is undecodable. */
  private static String end(Messages.Message message) {
    return message.errand().kind() == Errand.Kind.GARBAGE ? "" : "\"}";
  }

  /** The message with a number. */
  Sent sent(long message) {
    return requireNonNull(sent.get(message), "nobody has published this message");
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    access.close();
    patient.close();
  }
}
