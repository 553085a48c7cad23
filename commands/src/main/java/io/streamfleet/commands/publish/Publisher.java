package io.streamfleet.commands.publish;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.PartitionsFrom;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.worker.partition.Partitions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Appends messages to a stream, at a steady rate or as fast as Redis accepts them. */
public final class Publisher {

  /**
   * The most messages without a reply. Enough to keep the connection busy; with messages of 100 KB
   * they take 100 MB of heap.
   */
  private static final int MOST_OUTSTANDING = 1_000;

  /** How often a wait checks whether the command was stopped, in nanoseconds. */
  private static final long LONGEST_NAP = Duration.ofMillis(100).toNanos();

  private final Link link;
  private final Target target;
  private final Clock clock;
  private final LongSupplier nanos;
  private final PayloadWriter writer = new PayloadWriter();
  private final Semaphore free = new Semaphore(MOST_OUTSTANDING);
  private final AtomicLong taken = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * The stream to which messages are appended.
   *
   * @param partitions how the partition of a message is chosen, if the stream has some
   * @param maxLength the approximate length to which the stream is trimmed; 0 does not trim it
   */
  public record Target(String stream, Optional<ByChannel> partitions, long maxLength) {

    /** A stream without partitions. */
    public static Target plain(String stream, long maxLength) {
      return new Target(stream, Optional.empty(), maxLength);
    }

    /** The first inbound stream of a manifest, or its partitions if publishers choose them. */
    public static Target inbound(InboundSpec inbound, long maxLength) {
      String stream = inbound.streams().getFirst();
      return new Target(
          stream,
          Optional.ofNullable(inbound.partitions())
              .filter(spec -> spec.from() == PartitionsFrom.Publisher)
              .map(
                  spec ->
                      new ByChannel(
                          new Partitions(stream, spec.count()),
                          new HeaderScan(inbound.ordering().field()))),
          maxLength);
    }

    String streamOf(byte[] payload) {
      return partitions.map(by -> by.streamOf(payload)).orElse(stream);
    }
  }

  /**
   * Chooses the partition of a message by its channel, as every publisher has to.
   *
   * @param scan reads the channel from a payload, as workers do
   */
  public record ByChannel(Partitions partitions, HeaderScan scan) {

    private String streamOf(byte[] payload) {
      try {
        return partitions.streamOf(partitions.of(scan.scan(payload).channel()));
      } catch (Undecodable e) {
        throw new IllegalStateException("a sample message is not readable", e);
      }
    }
  }

  /**
   * The number of messages, and the rate.
   *
   * @param count the number of messages; 0 publishes until stopped
   * @param perSecond messages per second; 0 is as fast as possible. A message does not wait for the
   *     replies to those before it, unless {@value #MOST_OUTSTANDING} are outstanding
   */
  public record Pace(long count, double perSecond) {}

  /**
   * The result.
   *
   * @param count the number of messages that Redis accepted
   * @param time the time from the start to the last reply
   * @param failure the first failure, which ended publishing
   */
  public record Published(long count, Duration time, Optional<Throwable> failure) {}

  /**
   * @param nanos a monotonic clock in nanoseconds, such as {@link System#nanoTime()}
   */
  public Publisher(Link link, Target target, Clock clock, LongSupplier nanos) {
    this.link = link;
    this.target = target;
    this.clock = clock;
    this.nanos = nanos;
  }

  /**
   * Publishes messages, and returns when Redis has replied to all that were sent.
   *
   * @param stopped checked before each message; true ends publishing
   * @param progress called at least before each message with the number that Redis has accepted
   */
  public Published publish(
      SampleMessages messages, Pace pace, BooleanSupplier stopped, LongConsumer progress) {
    long start = nanos.getAsLong();
    for (long i = 0; pace.count() == 0 || i < pace.count(); i++) {
      if (pace.perSecond() > 0) {
        awaitDue(start + (long) (i / pace.perSecond() * 1e9), stopped, progress);
      }
      if (stopped.getAsBoolean() || failure.get() != null) {
        break;
      }
      progress.accept(taken.get());
      free.acquireUninterruptibly();
      send(messages.next(clock.instant()));
    }
    free.acquireUninterruptibly(MOST_OUTSTANDING);
    return new Published(
        taken.get(),
        Duration.ofNanos(nanos.getAsLong() - start),
        Optional.ofNullable(failure.get()));
  }

  private void awaitDue(long due, BooleanSupplier stopped, LongConsumer progress) {
    for (long left = due - nanos.getAsLong();
        left > 0 && !stopped.getAsBoolean() && failure.get() == null;
        left = due - nanos.getAsLong()) {
      LockSupport.parkNanos(Math.min(left, LONGEST_NAP));
      progress.accept(taken.get());
    }
  }

  private void send(NewMessage message) {
    Instant now = clock.instant();
    byte[] payload = writer.write(message.payload());
    CommandArgs<String, byte[]> args = Link.args().addKey(target.streamOf(payload));
    if (target.maxLength() > 0) {
      args.add("MAXLEN").add("~").add(target.maxLength());
    }
    args.add("*");
    EntryFields.fields(payload, now, message.traceId())
        .forEach((name, value) -> args.add(name).add(value));
    link.status(CommandType.XADD, args)
        .whenComplete(
            (id, refused) -> {
              if (refused == null) {
                taken.incrementAndGet();
              } else {
                failure.compareAndSet(null, Failures.cause(refused));
              }
              free.release();
            });
  }
}
