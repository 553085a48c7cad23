package io.streamfleet.apiserver.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sees every change of a selection, in order. One thread takes; the store puts. */
public final class Watch implements AutoCloseable {

  /**
   * Who falls so far behind is better off with a new list: many times what a busy second brings,
   * and still a few megabytes.
   */
  private static final int MOST_BEHIND = 100_000;

  private final Store store;
  private final Selection selection;
  private final BlockingQueue<Optional<WatchEvent>> events = new LinkedBlockingQueue<>();
  private volatile boolean closed;

  Watch(Store store, Selection selection) {
    this.store = store;
    this.selection = selection;
  }

  /** Called in the order of the changes, under the store's lock. */
  void offer(WatchEvent event) {
    if (events.size() >= MOST_BEHIND) {
      close();
    }
    if (!closed) {
      events.add(Optional.of(event));
    }
  }

  void offer(Change change) {
    change.seenBy(selection).ifPresent(this::offer);
  }

  /**
   * The next event, or nothing if there was none for so long or the watch is closed.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public Optional<WatchEvent> next(Duration patience) throws InterruptedException {
    Optional<WatchEvent> event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    return event == null ? Optional.empty() : event;
  }

  /** The version of the whole store: all that was taken so far, and what waits, is before it. */
  public long version() {
    return store.version();
  }

  /** Whether there will be no more events, by either side's will. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    store.forget(this);
    // Wakes whoever waits.
    events.add(Optional.empty());
  }
}
