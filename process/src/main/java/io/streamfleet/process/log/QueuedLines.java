package io.streamfleet.process.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * A queue of lines for an output that may block: a pipe that nobody reads, a stopped terminal. A
 * thread of its own writes them, and threads that log are not blocked. Lines that don't fit are
 * dropped and counted, and a line with their number is written when the output continues.
 *
 * <p>As long as the output accepts data, threads that log wait for it. A platform thread waits
 * until its line is written, so that nothing is missing when the process dies. A virtual thread (a
 * handler) waits for room, so that a handler that logs a lot is slowed down instead of losing
 * lines. Thread-safe.
 */
final class QueuedLines {

  /** Some thousand lines: enough for a burst, and little in a heap of 64 MiB. */
  private static final int MAX_BYTES = 1 << 20;

  /** Bytes of one write: the size of a pipe. */
  private static final int WRITE_SIZE = 1 << 16;

  /** After this time without progress the output counts as blocked, and nobody waits for it. */
  private static final Duration BLOCKED_AFTER = Duration.ofMillis(200);

  private final OutputStream out;
  private final LongFunction<byte[]> dropNotice;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<byte[]> lines = new ArrayDeque<>();
  private int bytes;
  private boolean writing;
  private long writingSince;
  private long added;
  private long taken;
  private long written;
  private long dropped;
  private long unreported;

  /**
   * @param dropNotice creates the line with the number of dropped lines
   */
  QueuedLines(OutputStream out, LongFunction<byte[]> dropNotice) {
    this.out = out;
    this.dropNotice = dropNotice;
  }

  /** Starts the writing thread. */
  void start() {
    // A platform thread: it must also run when handlers occupy all carriers.
    Thread.ofPlatform().name("log").daemon(true).start(this::run);
  }

  /** Adds a line, or drops it if there is no room. */
  void add(byte[] line) {
    lock.lock();
    try {
      if (Thread.currentThread().isVirtual()) {
        awaitRoom(line.length);
      }
      if (bytes + line.length > MAX_BYTES && !lines.isEmpty()) {
        dropped++;
        unreported++;
        return;
      }
      lines.add(line);
      bytes += line.length;
      added++;
      work.signal();
      if (!Thread.currentThread().isVirtual()) {
        awaitWritten(added);
      }
    } finally {
      lock.unlock();
    }
  }

  /** An interrupt ends the wait and is kept for the handler. */
  private void awaitRoom(int length) {
    long left = BLOCKED_AFTER.toNanos();
    try {
      while (bytes + length > MAX_BYTES && left > 0 && !isBlocked()) {
        long before = written;
        left = room.awaitNanos(left);
        if (written != before) {
          left = BLOCKED_AFTER.toNanos();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitWritten(long line) {
    long left = BLOCKED_AFTER.toNanos();
    try {
      while (written < line && left > 0 && !isBlocked()) {
        left = room.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isBlocked() {
    return writing && System.nanoTime() - writingSince > BLOCKED_AFTER.toNanos();
  }

  /** The number of lines that were dropped so far. */
  long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all lines are written or the time-out is over; returns whether they are. */
  boolean flush(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (writing || !lines.isEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = room.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      byte[] page = next();
      try {
        out.write(page);
        out.flush();
      } catch (IOException e) {
        // Closed by the reader: nobody could be told, but the lines are counted as dropped.
        countDropped(page);
      }
    }
  }

  /** Waits for lines and takes as many as fit into one write. */
  private byte[] next() {
    lock.lock();
    try {
      writing = false;
      written = taken;
      room.signalAll();
      while (lines.isEmpty()) {
        work.awaitUninterruptibly();
      }
      ByteArrayOutputStream page = new ByteArrayOutputStream(Math.min(bytes, WRITE_SIZE));
      while (!lines.isEmpty() && page.size() + lines.peek().length <= WRITE_SIZE) {
        take(page);
      }
      if (page.size() == 0) {
        take(page);
      }
      if (unreported > 0) {
        page.writeBytes(dropNotice.apply(unreported));
        unreported = 0;
      }
      writing = true;
      writingSince = System.nanoTime();
      return page.toByteArray();
    } finally {
      lock.unlock();
    }
  }

  private void take(ByteArrayOutputStream page) {
    byte[] line = lines.remove();
    bytes -= line.length;
    taken++;
    page.writeBytes(line);
  }

  private void countDropped(byte[] page) {
    long count = new String(page, StandardCharsets.UTF_8).lines().count();
    lock.lock();
    try {
      dropped += count;
    } finally {
      lock.unlock();
    }
  }
}
