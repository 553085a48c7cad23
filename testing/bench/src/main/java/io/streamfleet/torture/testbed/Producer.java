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
 * Publishes without end, but never far ahead of the workers: what is unread would only wait. A
 * message that Redis does not answer for is sent again, and may be there twice.
 */
public final class Producer implements AutoCloseable {

  /** Messages that no handler has seen yet, at the most. */
  private static final int AHEAD = 60;

  /** At this rate a fleet is busy and a small machine is not full. */
  private static final Duration BETWEEN = Duration.ofMillis(7);

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
   * Appends an entry whose payload grows within Redis, where nobody here has to hold it: by
   * doubling, for Lua's own repetition goes character by character.
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

  /** What takes Redis a moment is not to be there several times. */
  private static final Duration FOR_PADDED = Duration.ofSeconds(60);

  private static final Duration AGAIN = Duration.ofMillis(50);

  /** When all of them were made, as they say. */
  private static final String TIME = "1794614400.0";

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
   * What was published.
   *
   * @param at when it was first sent, in nanoseconds since the run began
   */
  record Sent(Messages.Message message, long at) {}

  Producer(Journal journal, Messages messages, RedisPlace place) {
    this.journal = journal;
    this.messages = messages;
    access = Access.to(place, Duration.ofSeconds(2));
    patient = Access.to(place, FOR_PADDED);
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
        TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
      }
    } catch (InterruptedException | RedisCommandInterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasRoom() {
    return decodable.get() - journal.seen(Names.IN) - unseen.get() < AHEAD;
  }

  /** No message is published any more when this returns. */
  synchronized void pause() {
    paused = true;
  }

  synchronized void resume() {
    paused = false;
    // All is settled: what no handler has seen until now it never will.
    unseen.set(decodable.get() - journal.seen(Names.IN));
  }

  /** Publishes one now that kills each worker that has it handled. */
  synchronized void publishFatal(int channel) throws InterruptedException {
    publish(messages.fatal(number++, channel), "*");
  }

  /** Makes a message of its number. */
  interface Maker {
    Messages.Message make(Messages messages, long number);
  }

  /** Publishes one now; its name. */
  synchronized EntryKey publish(Maker maker) throws InterruptedException {
    return publish(maker.make(messages, number++), "*");
  }

  /** Publishes so many now, each in a channel that no other message uses; their names. */
  List<EntryKey> publishAlone(int count, String channel, Errand.Kind kind)
      throws InterruptedException {
    List<EntryKey> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(publish((made, next) -> made.alone(next, channel + "-" + next, new Errand(kind, 0))));
    }
    return all;
  }

  /** Publishes one in each of these channels, all at once; their names. */
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
   * Does something while nobody publishes, and then publishes some under low ids, as in a stream
   * that begins anew.
   *
   * @param millis the first part of their ids
   */
  synchronized void afresh(FaultsUnderWay.Deed deed, int count, long millis)
      throws InterruptedException {
    deed.run();
    // What was lost unseen nobody will see.
    unseen.set(decodable.get() - journal.seen(Names.IN));
    for (int i = 1; i <= count; i++) {
      publish(messages.message(number++), millis + "-" + i);
    }
  }

  /** Publishes so many now. */
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
          // It was taken before, and its answer lost.
          return new EntryKey(Names.IN, EntryId.parse(id));
        }
      } catch (RedisCommandInterruptedException e) {
        throw e;
      } catch (RedisException e) {
        // It is away; it will be back.
      }
      TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
    }
  }

  /** Appends it; the id that it was given. */
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
            TIME,
            Long.toString(message.number()));
  }

  /** What the evidence needs is beside the payload too, which may be garbage. */
  private static Map<String, String> fields(Messages.Message message) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("data", head(message) + end(message));
    fields.put("ts", TIME);
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

  /** What follows on the padding; without it a payload is garbage. */
  private static String end(Messages.Message message) {
    return message.errand().kind() == Errand.Kind.GARBAGE ? "" : "\"}";
  }

  /** The message of a number. */
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
