package io.streamfleet.worker.read;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The limit of payload bytes in flight, over all pipelines of a worker. A limit of entries alone
 * would not bound memory, since publishers decide how large an entry is.
 *
 * <p>Half of it is divided among the pipelines, so that one whose handler hangs does not stop the
 * others. The other half is common. A pipeline that needs more of it than is free waits, in order
 * of arrival, and until then no other pipeline gets any of it. A single pipeline has all of the
 * room. Thread-safe.
 */
public final class Room {

  private final long most;
  private final int pipelines;
  private final long own;
  private final long common;
  private final AtomicLong commonTaken = new AtomicLong();

  /** Who waits for the common part, in order of arrival; compared by identity. */
  private final Set<Share> waiting = new LinkedHashSet<>();

  private volatile boolean someoneWaits;

  /**
   * @param most the limit in bytes over all pipelines
   * @param pipelines the number of pipelines
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

  /** The limit in bytes. */
  public long most() {
    return most;
  }

  /**
   * The largest payload in bytes: half of the limit. The common part has so much, and while a
   * payload is received it needs the same amount again for a moment.
   */
  public long largest() {
    return most / 2;
  }

  /**
   * Creates the share of one pipeline.
   *
   * @param wake called, on any thread, when the room that it waits for may be free
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

  /** The use of the room by one pipeline. Thread-safe. */
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
     * Takes what is free, within limits.
     *
     * @param least the bytes that are needed at least
     * @param wish the bytes to take at most
     * @return the bytes that were taken; 0 if fewer than {@code least} are free, which this share
     *     then waits for
     */
    public long takeUpTo(long least, long wish) {
      long bytes = Math.clamp(free(), least, Math.max(least, wish));
      if (!take(bytes)) {
        // Too little is free, or another pipeline took it meanwhile.
        await(this);
        return 0;
      }
      if (someoneWaits) {
        Room.this.withdraw(this);
      }
      return bytes;
    }

    /** Returns bytes. */
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

    /** Stops waiting. */
    public void withdraw() {
      Room.this.withdraw(this);
    }

    private long beyondOwn(long bytes) {
      return Math.max(0, bytes - own);
    }
  }
}
