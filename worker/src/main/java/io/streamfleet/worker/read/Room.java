package io.streamfleet.worker.read;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of payloads a worker may have in flight, all its pipelines together: who sends
 * decides how large an entry is, so a bound in entries alone is none.
 *
 * <p>Of several pipelines each has a part that is its own, so that one whose handler hangs does not
 * stop the others; the other half goes to whoever asks. Who needs more of it than is there waits,
 * the first come first, and until then nobody else gets of it. Safe for any thread.
 */
public final class Room {

  private final long most;
  private final int pipelines;
  private final long own;
  private final long common;
  private final AtomicLong commonTaken = new AtomicLong();

  /** Who waits for the common part, in the order of asking; by itself. */
  private final Set<Share> waiting = new LinkedHashSet<>();

  private volatile boolean someoneWaits;

  /**
   * @param most bytes, of all pipelines together
   * @param pipelines how many share it
   */
  public Room(long most, int pipelines) {
    this.most = most;
    this.pipelines = Math.max(1, pipelines);
    this.own = pipelines <= 1 ? most : most / 2 / pipelines;
    this.common = most - own * Math.max(1, pipelines);
  }

  /** How many pipelines share it. */
  public int pipelines() {
    return pipelines;
  }

  /** The bound, in bytes. */
  public long most() {
    return most;
  }

  /**
   * What one entry may take by itself: half of it. So much can be had of the common part, and what
   * brings it in takes as much again for a moment.
   */
  public long largest() {
    return most / 2;
  }

  /**
   * The part of one pipeline.
   *
   * @param wake called, on any thread, when what it waits for may be there
   */
  public Share share(Runnable wake) {
    return new Share(wake);
  }

  private synchronized boolean mayTake(Share asking) {
    return waiting.isEmpty() || waiting.iterator().next() == asking;
  }

  private synchronized void await(Share asking) {
    waiting.add(asking);
    someoneWaits = true;
  }

  private void withdraw(Share asking) {
    synchronized (this) {
      waiting.remove(asking);
      someoneWaits = !waiting.isEmpty();
    }
    wakeTheFirst();
  }

  private void wakeTheFirst() {
    Share first;
    synchronized (this) {
      first = waiting.isEmpty() ? null : waiting.iterator().next();
    }
    if (first != null) {
      first.wake.run();
    }
  }

  /** What one pipeline has of the room. Safe for any thread. */
  public final class Share {

    private final Runnable wake;
    private final AtomicLong taken = new AtomicLong();

    private Share(Runnable wake) {
      this.wake = wake;
    }

    /** How many bytes it has taken. */
    public long taken() {
      return taken.get();
    }

    /** How many bytes could be taken now. */
    public long free() {
      long ours = Math.max(0, own - taken.get());
      return someoneWaits && !mayTake(this) ? ours : ours + Math.max(0, common - commonTaken.get());
    }

    public Room room() {
      return Room.this;
    }

    /** Takes so many bytes, or none. */
    public boolean take(long bytes) {
      long before = taken.getAndAdd(bytes);
      long more = beyondOwn(before + bytes) - beyondOwn(before);
      if (more == 0) {
        return true;
      }
      long after = commonTaken.addAndGet(more);
      if (after <= common && (!someoneWaits || mayTake(this))) {
        return true;
      }
      give(bytes);
      return false;
    }

    /**
     * Takes what is there, up to a wish.
     *
     * @return how many bytes; none if there are fewer than the least, which are then waited for
     */
    public long takeUpTo(long least, long wish) {
      long bytes = Math.clamp(free(), least, Math.max(least, wish));
      if (!take(bytes)) {
        // Less than there was a moment ago, or than is needed.
        await(this);
        return 0;
      }
      if (someoneWaits) {
        Room.this.withdraw(this);
      }
      return bytes;
    }

    /** Gives bytes back. */
    public void give(long bytes) {
      long after = taken.addAndGet(-bytes);
      long less = beyondOwn(after + bytes) - beyondOwn(after);
      if (less > 0) {
        commonTaken.addAndGet(-less);
        if (someoneWaits) {
          wakeTheFirst();
        }
      }
    }

    /** Waits no longer. */
    public void withdraw() {
      Room.this.withdraw(this);
    }

    private long beyondOwn(long bytes) {
      return Math.max(0, bytes - own);
    }
  }
}
