package io.streamfleet.worker.handle;

import io.streamfleet.api.BatchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gathers what is to be sent until a batch is full, in number or in bytes, or its first member has
 * waited for the linger time. Used by one thread.
 */
final class BatchQueue<T> {

  /** Calls back on the same thread. */
  interface Timer {
    void schedule(Runnable task, long nanos);
  }

  private final int mostMembers;
  private final long mostBytes;
  private final long lingerNanos;
  private final Timer timer;
  private final Runnable woken;
  private final Consumer<List<T>> send;
  private List<T> gathered = new ArrayList<>();
  private long bytes;
  private long since;
  private boolean timerIsSet;

  /**
   * @param mostBytes a batch with more bytes has one member
   * @param woken called when a batch may have waited long enough; must call {@link #turn}
   * @param send sends a batch of at least one member
   */
  BatchQueue(BatchSpec spec, long mostBytes, Timer timer, Runnable woken, Consumer<List<T>> send) {
    this.mostMembers = spec.maxSize();
    this.lingerNanos = spec.linger().toNanos();
    this.mostBytes = mostBytes;
    this.timer = timer;
    this.woken = woken;
    this.send = send;
  }

  /** Adds a member; if it does not fit into the current batch, that one is sent without it. */
  void add(T member, long size) {
    if (!gathered.isEmpty() && bytes + size > mostBytes) {
      flush();
    }
    if (gathered.isEmpty()) {
      since = System.nanoTime();
    }
    gathered.add(member);
    bytes += size;
    if (gathered.size() >= mostMembers || bytes >= mostBytes) {
      flush();
    }
  }

  /** Called after members were added: sends a batch that has waited long enough. */
  void turn() {
    if (gathered.isEmpty()) {
      return;
    }
    long left = since + lingerNanos - System.nanoTime();
    if (left <= 0) {
      flush();
    } else if (!timerIsSet) {
      // One timer at a time: if it fires for a batch that is gone, it is set again for the current.
      timerIsSet = true;
      timer.schedule(
          () -> {
            timerIsSet = false;
            woken.run();
          },
          left);
    }
  }

  private void flush() {
    List<T> batch = gathered;
    gathered = new ArrayList<>();
    bytes = 0;
    send.accept(batch);
  }
}
