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
import org.jspecify.annotations.Nullable;

/**
 * An entry in flight. Its state belongs to the pipeline's loop, but for what {@link Interruptible}
 * guards, and for until when it is surely ours.
 */
public final class Entry extends Interruptible implements Message {

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

  private Lease lease = Lease.UNBOUND;
  private @Nullable Outcome outcome;

  /** When it was taken in; how long it waited for its channel's lock counts from here. */
  private final long arrivedAt;

  /** What is to be given back when what came of it has left the memory. */
  private @Nullable Runnable atItsEnd;

  private int breaks;

  /** Whether its outcome is on its way to Redis: nothing else may become of it then. */
  private boolean settling;

  /** Whether it is on a handler's thread, or on its way there or back. */
  private boolean withHandler;

  /** What it waits for before its next attempt, where an earlier one failed elsewhere. */
  private @Nullable Wait wait;

  /** Why it may be one that kills the process that handles it. */
  private Suspicion suspicion;

  /** How often the connection to its endpoint broke while it did with others, too. */
  private int endpointDeaths;

  private boolean alone;

  private int noted;

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
    this.suspicion = raw.suspicion();
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
    notStarted();
  }

  /** What it waits for before its next attempt, where the last one failed before it came. */
  public void waitFor(Wait it) {
    wait = it;
  }

  /** How often the connection to its handler broke with it. */
  public int breaks() {
    return breaks;
  }

  public void breaks(int times) {
    breaks = times;
  }

  /** Whether an earlier attempt failed elsewhere, and the next one has not been counted yet. */
  public boolean waits() {
    return wait != null;
  }

  /** The wait that it brought along, which began when it arrived. */
  public Optional<Wait> broughtWait() {
    return Optional.ofNullable(wait);
  }

  /** Why it may be one that kills the process that handles it. */
  public Suspicion suspicion() {
    return suspicion;
  }

  public void suspicion(Suspicion now) {
    suspicion = now;
  }

  /** Where it is noted that its handler has begun with it; of who began with it. */
  public int noted() {
    return noted;
  }

  public void noted(int place) {
    noted = place;
  }

  /** Whether the endpoint of its handler has nothing else to do, as far as this worker knows. */
  public boolean isAlone() {
    return alone;
  }

  public void alone(boolean now) {
    alone = now;
  }

  /** How often its endpoint may have died of it. */
  public int endpointDeaths() {
    return endpointDeaths;
  }

  public void endpointDeaths(int now) {
    endpointDeaths = now;
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
    return withHandler && isRun();
  }

  /**
   * Something is kept in memory for what came of it, and let go by {@link #letGo}. Called by the
   * handler's thread, before the loop hears of the outcome.
   */
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
    outcome = null;
    rearmInterrupt();
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
