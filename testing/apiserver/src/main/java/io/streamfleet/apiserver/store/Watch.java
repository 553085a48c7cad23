package io.streamfleet.apiserver.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Receives every change of a selection, in order. For one reading thread. */
public final class Watch implements AutoCloseable {

  /**
   * A watcher that is this far behind should list again: many times the events of a busy second,
   * but only a few megabytes.
   */
  private static final int MAX_QUEUED = 100_000;

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
    if (events.size() >= MAX_QUEUED) {
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
   * The next event; empty after the wait, or if the watch is closed.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public Optional<WatchEvent> next(Duration wait) throws InterruptedException {
    Optional<WatchEvent> event = events.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    return event == null ? Optional.empty() : event;
  }

  /** The version of the whole store: all received and queued events are before it. */
  public long version() {
    return store.version();
  }

  /** Whether no more events will come. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    store.forget(this);
    // Wakes the reader.
    events.add(Optional.empty());
  }
}
