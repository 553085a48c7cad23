package io.streamfleet.worker.read;

import io.streamfleet.worker.entry.Entry;
import java.util.function.BooleanSupplier;

/**
 * How many entries, and how many bytes of payloads, may still be taken in: what bounds the worker's
 * memory and keeps entries in Redis for others. Belongs to the pipeline's loop; {@link #inFlight()}
 * and {@link #room()} may be asked anywhere.
 */
public final class Credits {

  /** What a first read asks for at the most: nobody knows yet how large the entries are. */
  private static final int FIRST_READ = 10;

  /** After a run of large entries the guess follows smaller ones by this part at a time. */
  private static final int SLOWLY = 8;

  /** A fetch sets apart so much more than it expects, since entries differ in size. */
  private static final long SLACK = 64 * 1024;

  private int most;
  private final Room.Share room;
  private volatile int inFlight;
  private int reading;
  private int fetching;

  /** How many bytes an entry is guessed to have, by those that came. */
  private long expected;

  private boolean waited;

  public Credits(int most, Room.Share room) {
    this.most = most;
    this.room = room;
    this.expected = Math.max(1, room.room().most() / FIRST_READ);
  }

  /** How many new entries may be asked for now; what was asked for already is set apart. */
  public int forReading() {
    int entries = Math.max(0, most - inFlight - reading - fetching);
    if (entries == 0) {
      return 0;
    }
    long fitting = room.free() / expected;
    if (fitting == 0 && inFlight + fetching == 0) {
      // Whatever its size, one by itself either fits or never will.
      return 1;
    }
    return (int) Math.min(entries, fitting);
  }

  /**
   * How many entries that are pending already may be brought in now. What a read that waits for new
   * ones has set apart does not count: on an idle stream it would keep the old ones out for ever.
   * So up to one read more than the bound may be in flight.
   */
  public int forPending() {
    int entries = Math.max(0, most - inFlight - fetching);
    return entries == 0 || room.free() == 0 ? 0 : entries;
  }

  /** Sets credits apart for a read. */
  public void reading(int count) {
    reading += count;
  }

  /** A read is over, whatever it brought. */
  public void read(int count) {
    reading -= count;
  }

  /** Sets credits apart for entries that are pending already. */
  public void fetching(int count) {
    fetching += count;
  }

  /** They are here, or will not come. */
  public void fetched(int count) {
    fetching -= count;
  }

  /**
   * Sets room apart for the payloads of so many entries.
   *
   * @param least bytes that are needed
   * @return how many bytes were set apart; none if there are fewer than the least
   */
  public long reserve(int count, long least) {
    long bytes = room.takeUpTo(least, 2 * expected * count + SLACK);
    waited |= bytes == 0;
    return bytes;
  }

  /** Gives back room that was set apart and is not needed. */
  public void giveBack(long bytes) {
    room.give(bytes);
  }

  /**
   * Called at the end of each turn: who has not asked for more room in vain waits no longer.
   *
   * @param wants whether more room is wanted still; asked only of who waits
   */
  public void turn(BooleanSupplier wants) {
    if (waited && !wants.getAsBoolean()) {
      waited = false;
      room.withdraw();
    }
  }

  /** Learns from what came how large entries are. */
  public void seen(int count, long bytes) {
    if (count > 0) {
      long each = 1 + bytes / count;
      expected = Math.max(each, expected - (expected - each) / SLOWLY);
    }
  }

  /** The bound, for who shares it out. */
  public int most() {
    return most;
  }

  /**
   * Sets another bound. What is in flight beyond it stays, and nothing comes in until it is gone.
   */
  public void most(int bound) {
    most = bound;
  }

  /** Entries came in; the room for their payloads was taken before. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  public void taken(int count) {
    inFlight += count;
  }

  /** Entries without a payload here are gone. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  public void gone(int count) {
    inFlight -= count;
  }

  /** An entry is gone, and its payload with it. */
  public void gone(Entry entry) {
    gone(1);
    entry.letGo();
    room.give(entry.bytes());
  }

  /** Whether less than a quarter is left: who could do without had better. */
  public boolean isScarce() {
    return inFlight + fetching > most - most / 4;
  }

  public int inFlight() {
    return inFlight;
  }

  /** The room for payloads. */
  public Room.Share room() {
    return room;
  }
}
