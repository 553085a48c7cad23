package io.streamfleet.worker.read;

import io.streamfleet.worker.entry.Entry;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How many more entries, and bytes of payloads, may come in flight. This bounds the memory of the
 * worker and leaves entries in Redis for other workers. Belongs to the pipeline's loop; {@link
 * #inFlight()} and {@link #room()} are thread-safe.
 */
public final class Credits {

  /** While credits are scarce a read waits this long for more of them: less than a read takes. */
  public static final Duration GATHER = Duration.ofMillis(1);

  /** The most entries of the first read, since the size of entries is not known yet. */
  private static final int FIRST_READ = 10;

  /** The estimated size falls by this part of the difference for each smaller batch. */
  private static final int SLOWLY = 8;

  /** Bytes that a fetch reserves beyond its estimate, since entries differ in size. */
  private static final long SLACK = 64 * 1024;

  /** Of the bound: so many entries in one call cost each of them next to nothing. */
  private static final int CALL_PART = 16;

  private int most;
  private final Room.Share room;
  private volatile int inFlight;
  private int reading;
  private int fetching;

  /** The estimated size of an entry in bytes, by those that arrived. */
  private long expected;

  private boolean waited;

  public Credits(int most, Room.Share room) {
    this.most = most;
    this.room = room;
    this.expected = Math.max(1, room.room().most() / FIRST_READ);
  }

  /** How many new entries may be requested now, without those that are requested already. */
  public int forReading() {
    int entries = Math.max(0, most - inFlight - reading - fetching);
    if (entries == 0) {
      return 0;
    }
    long fitting = room.free() / expected;
    if (fitting == 0 && inFlight + fetching == 0) {
      // A single entry either fits into the free room or is too large for ever.
      return 1;
    }
    return (int) Math.min(entries, fitting);
  }

  /**
   * How many entries that are pending already may be fetched now. The credits that a blocking read
   * has reserved do not count: on an idle stream it would keep pending entries out for ever. So the
   * number in flight may exceed the limit by one read.
   */
  public int forPending() {
    int entries = Math.max(0, most - inFlight - fetching);
    return entries == 0 || room.free() == 0 ? 0 : entries;
  }

  /** Reserves credits for a read. */
  public void reading(int count) {
    reading += count;
  }

  /** Returns the credits that were reserved for a read; it is over. */
  public void read(int count) {
    reading -= count;
  }

  /** Reserves credits for entries that are pending already. */
  public void fetching(int count) {
    fetching += count;
  }

  /** Returns credits that were reserved by {@link #fetching}. */
  public void fetched(int count) {
    fetching -= count;
  }

  /**
   * Reserves room for the payloads of so many entries.
   *
   * @param least the bytes that are needed at least
   * @return the reserved bytes; 0 if fewer than {@code least} are free
   */
  public long reserve(int count, long least) {
    long bytes = room.takeUpTo(least, 2 * expected * count + SLACK);
    waited |= bytes == 0;
    return bytes;
  }

  /** Returns room that was reserved and is not needed. */
  public void giveBack(long bytes) {
    room.give(bytes);
  }

  /**
   * Called at the end of each turn: stops waiting for room that is no longer needed.
   *
   * @param wants whether more room is needed; called only while waiting
   */
  public void turn(BooleanSupplier wants) {
    if (waited && !wants.getAsBoolean()) {
      waited = false;
      room.withdraw();
    }
  }

  /** Updates the estimated size by entries that arrived. */
  public void seen(int count, long bytes) {
    if (count > 0) {
      long each = 1 + bytes / count;
      expected = Math.max(each, expected - (expected - each) / SLOWLY);
    }
  }

  /** The limit of entries in flight. */
  public int most() {
    return most;
  }

  /**
   * Sets the limit. If more are in flight, they stay, and nothing is read until enough are settled.
   */
  public void most(int bound) {
    most = bound;
  }

  /** Entries came in flight; the room for their payloads was taken before. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  public void taken(int count) {
    inFlight += count;
  }

  /** Entries that hold no room are not in flight any more. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  public void gone(int count) {
    inFlight -= count;
  }

  /** An entry is not in flight any more; returns the room of its payload. */
  public void gone(Entry entry) {
    gone(1);
    entry.letGo();
    room.give(entry.bytes());
  }

  /** Whether less than a quarter of the credits is left. */
  public boolean isScarce() {
    return inFlight + fetching > most - most / 4;
  }

  /**
   * Whether it is worth a call to have so many entries come in, or go. While credits are scarce one
   * comes back at a time, and a call for each would cost more than all the rest.
   */
  private boolean isWorthACall(int entries) {
    return entries >= most / CALL_PART;
  }

  /** Whether so many are enough for a read now: while credits are scarce, more come in a moment. */
  public boolean isEnough(int entries) {
    return !isScarce() || isWorthACall(entries);
  }

  /** Whether others wait for the credits of so many, which therefore go now and not in a moment. */
  public boolean areWaitedFor(int entries) {
    return isScarce() && isWorthACall(entries);
  }

  public int inFlight() {
    return inFlight;
  }

  /** The room for payloads. */
  public Room.Share room() {
    return room;
  }
}
