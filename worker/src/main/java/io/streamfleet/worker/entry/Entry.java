package io.streamfleet.worker.entry;

import io.streamfleet.handler.Direction;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.Payload;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.Header;
import io.streamfleet.wire.WirePayload;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * An entry in flight. Its state belongs to the pipeline's loop, but for what a handler's thread and
 * the loop must agree on: who runs it, whether it was interrupted, and until when it is surely
 * ours.
 */
public final class Entry implements Message {

  private enum Turn {
    WAITING,
    RUNNING,
    INTERRUPTING,
    INTERRUPTED
  }

  private static final AtomicReferenceFieldUpdater<Entry, Turn> TURN =
      AtomicReferenceFieldUpdater.newUpdater(Entry.class, Turn.class, "turn");

  /** Longer ago than any {@code minIdle} may be. */
  private static final long LONG_AGO_NANOS = Duration.ofDays(365).toNanos();

  private final StreamConsumer stream;
  private final EntryId id;
  private final byte[] data;
  private final Header header;
  private final RawEntry raw;
  private int attempt;

  /** When the request was sent that last made the entry ours, in the loop's nanoseconds. */
  private volatile long ownedAt;

  private volatile Turn turn = Turn.WAITING;

  private @Nullable Thread runner;
  private Lease lease = Lease.UNBOUND;
  private volatile @Nullable Interruption interruption;
  private @Nullable Outcome outcome;
  private long startedAt;
  private long finishedAt;

  /** When it came in flight; how long it waited for its channel's lock counts from here. */
  private final long arrivedAt;

  /** What is to be given back when what came of it has left the memory. */
  private @Nullable Runnable atItsEnd;

  /** Whether its outcome is on its way to Redis: nothing else may become of it then. */
  private boolean settling;

  /** Whether it is on a handler's thread, or on its way there or back. */
  private boolean withHandler;

  /** What it waits for before its next attempt, where an earlier one failed elsewhere. */
  private @Nullable Wait wait;

  /**
   * @param ownedAt when the request was sent that made the entry ours
   * @param arrivedAt when its reply came
   */
  public Entry(
      StreamConsumer stream,
      RawEntry raw,
      byte[] data,
      Header header,
      long ownedAt,
      long arrivedAt) {
    this.stream = stream;
    this.id = raw.id();
    this.data = data;
    this.header = header;
    this.raw = raw;
    this.attempt = raw.deliveries();
    this.ownedAt = ownedAt;
    this.arrivedAt = arrivedAt;
    this.wait = raw.toWait();
  }

  public StreamConsumer streamName() {
    return stream;
  }

  public EntryId entryId() {
    return id;
  }

  /** How many bytes its payload has. */
  public int bytes() {
    return data.length;
  }

  public Header header() {
    return header;
  }

  /** Whether it is to keep its place in its channel. */
  public boolean addressed() {
    return header.addressed();
  }

  /** The trace's id, decoded at each call: most entries are never asked. */
  public @Nullable String trace() {
    String own = raw.trace();
    return own != null ? own : header.traceId().orElse(null);
  }

  public long arrivedAt() {
    return arrivedAt;
  }

  public long ownedAt() {
    return ownedAt;
  }

  /** Notes that a request sent at this time found, or made, the entry ours. */
  public void owned(long at) {
    ownedAt = at;
  }

  /** Notes that the entry may be another's: nothing is done with it before Redis was asked. */
  public void doubt(long now) {
    ownedAt = now - LONG_AGO_NANOS;
  }

  public boolean settling() {
    return settling;
  }

  /** Its outcome is on its way to Redis. */
  public void settle() {
    settling = true;
  }

  /** The attempt that comes next: counted in Redis, and its handler has not begun with it. */
  public void attempt(int number) {
    attempt = number;
    wait = null;
    startedAt = 0;
  }

  /** Whether an earlier attempt failed elsewhere, and the next one has not been counted yet. */
  public boolean waits() {
    return wait != null;
  }

  /** The wait that it brought along, which began when it arrived. */
  public Optional<Wait> broughtWait() {
    return Optional.ofNullable(wait);
  }

  public boolean isWithHandler() {
    return withHandler;
  }

  /** It goes to a handler's thread, or has come back from it. */
  public void withHandler(boolean there) {
    withHandler = there;
  }

  /** Whether a handler's thread is at it; read in this order, what it noted before is seen. */
  public boolean isHandled() {
    return withHandler && turn != Turn.WAITING && runner != null;
  }

  /** A handler's thread takes the entry; false when it was interrupted before. */
  public boolean begin(Thread thread, long now) {
    runner = thread;
    startedAt = now;
    return TURN.compareAndSet(this, Turn.WAITING, Turn.RUNNING);
  }

  /**
   * The handler's thread is done with the entry. Afterwards no interrupt can come for it: one that
   * is on its way is waited for and cleared, so that it does not hit the next entry.
   *
   * @return why it was interrupted, if it was
   */
  public @Nullable Interruption end(long now) {
    finishedAt = now;
    if (!TURN.compareAndSet(this, Turn.RUNNING, Turn.WAITING)) {
      while (turn == Turn.INTERRUPTING) {
        Thread.onSpinWait();
      }
    }
    runner = null;
    Thread.interrupted();
    return interruption;
  }

  /** Interrupts the handler, or keeps it from starting; the first reason stays. For the loop. */
  public void interrupt(Interruption why) {
    if (interruption != null) {
      return;
    }
    interruption = why;
    if (TURN.compareAndSet(this, Turn.WAITING, Turn.INTERRUPTED)) {
      return;
    }
    if (TURN.compareAndSet(this, Turn.RUNNING, Turn.INTERRUPTING)) {
      Thread thread = runner;
      if (thread != null) {
        thread.interrupt();
      }
      turn = Turn.INTERRUPTED;
    }
  }

  /** What {@link #letGo} gives back. For the handler's thread, before the outcome is heard of. */
  public void letGoAtItsEnd(Runnable end) {
    atItsEnd = end;
  }

  /** What came of it has left the memory, or is not wanted. */
  public void letGo() {
    Runnable end = atItsEnd;
    if (end != null) {
      atItsEnd = null;
      end.run();
    }
  }

  /** What came of it is decided on; a failure with its stack trace would be kept for as long. */
  public void forgetOutcome() {
    outcome = null;
    letGo();
  }

  /** Makes the entry ready for another try after an interruption. */
  public void rearm() {
    letGo();
    interruption = null;
    outcome = null;
    turn = Turn.WAITING;
  }

  public @Nullable Interruption interruption() {
    return interruption;
  }

  public void outcome(Outcome result) {
    outcome = result;
  }

  /** What came of the last try. */
  public Outcome outcome() {
    Outcome result = outcome;
    return result == null ? new Outcome.NotRun() : result;
  }

  /** Under what it may be handled: the lock of its channel, or nothing. */
  public Lease lease() {
    return lease;
  }

  public void lease(Lease lock) {
    lease = lock;
  }

  public long startedAt() {
    return startedAt;
  }

  public long finishedAt() {
    return finishedAt;
  }

  @Override
  public String id() {
    return id.toString();
  }

  @Override
  public String stream() {
    return stream.stream();
  }

  @Override
  public Direction direction() {
    return stream.direction();
  }

  @Override
  public String channel() {
    return header.channel();
  }

  @Override
  public Optional<String> traceId() {
    return Optional.ofNullable(trace());
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public Instant timestamp() {
    return id.time();
  }

  @Override
  public Payload payload() {
    return new WirePayload(data);
  }

  @Override
  public String toString() {
    return stream.stream() + " " + id;
  }
}
