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
 * An entry in flight. Its state belongs to the pipeline's loop, except for the state of {@link
 * Interruptible} and for {@link #ownedAt}, which handlers' threads read as well.
 */
public final class Entry extends Traced implements Message {

  /** Longer ago than any {@code minIdle} may be. */
  private static final long LONG_AGO_NANOS = Duration.ofDays(365).toNanos();

  private final StreamConsumer stream;
  private final EntryId id;
  private final byte[] data;
  private final Header header;
  private final RawEntry raw;
  private int attempt;

  /** When the request was sent that last confirmed ownership, in the loop's nanoseconds. */
  private volatile long ownedAt;

  private Lease lease = Lease.UNBOUND;
  private @Nullable Outcome outcome;

  /** When it arrived; its wait for the channel's lock is measured from here. */
  private final long arrivedAt;

  /** Releases memory that is reserved for its outcome. */
  private @Nullable Runnable atItsEnd;

  private int breaks;

  /** Whether its settlement is being written to Redis: it must not be settled otherwise then. */
  private boolean settling;

  /** Whether it was passed to the handler and its completion has not been processed yet. */
  private boolean withHandler;

  /** The wait before its next attempt, if the last one failed before it arrived here. */
  private @Nullable Wait wait;

  private Suspicion suspicion;

  /** How often the connection to its endpoint broke together with those of others. */
  private int endpointDeaths;

  private boolean alone;
  private boolean wasInFailedBatch;
  private int noted;

  /**
   * @param ownedAt when the request was sent that made the entry pending for this consumer
   * @param arrivedAt when the reply arrived
   */
  public Entry(
      StreamConsumer stream,
      RawEntry raw,
      byte[] data,
      Header header,
      long ownedAt,
      long arrivedAt) {
    super(raw.context());
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

  public int bytes() {
    return data.length;
  }

  public Header header() {
    return header;
  }

  /** Whether it must keep its place in the order of its channel. */
  public boolean addressed() {
    return header.addressed();
  }

  /** The trace id, decoded at each call, since it is not needed for most entries. */
  public @Nullable String traceIdOrNull() {
    String own = raw.trace();
    return own != null ? own : header.traceId().orElse(null);
  }

  public long arrivedAt() {
    return arrivedAt;
  }

  public long ownedAt() {
    return ownedAt;
  }

  /** A request sent at this time confirmed that the entry is pending for this consumer. */
  public void owned(long at) {
    ownedAt = at;
  }

  /** The entry may belong to another consumer: ownership must be checked before it is handled. */
  public void doubt(long now) {
    ownedAt = now - LONG_AGO_NANOS;
  }

  public boolean settling() {
    return settling;
  }

  public void settle() {
    settling = true;
  }

  /** Sets the next attempt, which is counted in Redis and has not started. */
  public void attempt(int number) {
    attempt = number;
    wait = null;
    notStarted();
  }

  /** Sets the wait before its next attempt; the last one failed before the entry arrived. */
  public void waitFor(Wait it) {
    wait = it;
  }

  /** How often the connection to the handler broke during its request. */
  public int breaks() {
    return breaks;
  }

  public void breaks(int times) {
    breaks = times;
  }

  /** Whether an attempt failed before it arrived, and the next one is not counted yet. */
  public boolean waits() {
    return wait != null;
  }

  /** The wait that was stored in Redis, measured from its arrival. */
  public Optional<Wait> broughtWait() {
    return Optional.ofNullable(wait);
  }

  /** Why it is suspected of killing the process that handles it. */
  public Suspicion suspicion() {
    return suspicion;
  }

  public void suspicion(Suspicion now) {
    suspicion = now;
  }

  /** The slot in the file of started entries; belongs to the thread that started the handler. */
  public int noted() {
    return noted;
  }

  public void noted(int place) {
    noted = place;
  }

  /** Whether no other entry of this worker runs at its endpoint. */
  public boolean isAlone() {
    return alone;
  }

  public void alone(boolean now) {
    alone = now;
  }

  public int endpointDeaths() {
    return endpointDeaths;
  }

  public void endpointDeaths(int now) {
    endpointDeaths = now;
  }

  /** Whether a request with this entry and others failed, not known because of which. */
  public boolean wasInFailedBatch() {
    return wasInFailedBatch;
  }

  public void batchFailed() {
    wasInFailedBatch = true;
  }

  public boolean isWithHandler() {
    return withHandler;
  }

  public void withHandler(boolean there) {
    withHandler = there;
  }

  /** Whether its handler is running. The order of the reads makes the start time visible. */
  public boolean isHandled() {
    return withHandler && isRun();
  }

  /**
   * Sets what {@link #letGo} releases: memory that is reserved for the outcome. Called by the
   * handler's thread before the loop gets the outcome.
   */
  public void letGoAtItsEnd(Runnable end) {
    atItsEnd = end;
  }

  /** Releases the memory that is reserved for the outcome, which is no longer needed. */
  public void letGo() {
    Runnable end = atItsEnd;
    if (end != null) {
      atItsEnd = null;
      end.run();
    }
  }

  /** Drops the outcome, which was processed, so that it does not stay in memory with the entry. */
  public void forgetOutcome() {
    outcome = null;
    letGo();
  }

  /** Makes the entry ready to be started again after an interruption. */
  public void rearm() {
    letGo();
    outcome = null;
    rearmInterrupt();
  }

  public void outcome(Outcome result) {
    outcome = result;
  }

  /** The outcome of the last call. */
  public Outcome outcome() {
    Outcome result = outcome;
    return result == null ? new Outcome.NotRun() : result;
  }

  /** What permits it to start: the lock of its channel, or nothing in particular. */
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
    return Optional.ofNullable(traceIdOrNull());
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
