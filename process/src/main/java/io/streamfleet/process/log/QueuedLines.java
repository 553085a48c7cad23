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
 * Lines on their way to an output that may stand still: a pipe that nobody reads, a terminal that
 * was stopped. One thread of its own writes them; whoever logs goes on. Lines for which there is no
 * room are dropped and counted, and a line tells how many when the output moves again.
 *
 * <p>As long as the output moves, who logs waits for it: a thread of the system's own until its
 * line is written, so that a process that dies has said what it knew, and a handler's (a virtual
 * one) for room, so that one that logs a lot is slowed down rather than robbed of its lines. Any
 * thread may call.
 */
final class QueuedLines {

  /** Some thousand lines: enough for a burst, and nothing beside a heap of 64 MiB. */
  private static final int MOST_BYTES = 1 << 20;

  /** What one write takes: the size of a pipe. */
  private static final int PAGE = 1 << 16;

  /** An output that has taken nothing for so long stands still, and nobody waits for it. */
  private static final Duration STANDS_STILL = Duration.ofMillis(200);

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
  private long unsaid;

  /**
   * @param dropNotice the line that tells how many were dropped
   */
  QueuedLines(OutputStream out, LongFunction<byte[]> dropNotice) {
    this.out = out;
    this.dropNotice = dropNotice;
  }

  /** Begins to write. */
  void start() {
    // Of the system's own: the lines of handlers that keep all carriers must come out, too.
    Thread.ofPlatform().name("log").daemon(true).start(this::run);
  }

  /** Adds a line, or drops it where there is no room. */
  void add(byte[] line) {
    lock.lock();
    try {
      if (Thread.currentThread().isVirtual()) {
        awaitRoom(line.length);
      }
      if (bytes + line.length > MOST_BYTES && !lines.isEmpty()) {
        dropped++;
        unsaid++;
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

  /** An interrupt is kept for the handler, and ends the wait. */
  private void awaitRoom(int length) {
    long left = STANDS_STILL.toNanos();
    try {
      while (bytes + length > MOST_BYTES && left > 0 && !standsStill()) {
        long before = written;
        left = room.awaitNanos(left);
        if (written != before) {
          left = STANDS_STILL.toNanos();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitWritten(long line) {
    long left = STANDS_STILL.toNanos();
    try {
      while (written < line && left > 0 && !standsStill()) {
        left = room.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean standsStill() {
    return writing && System.nanoTime() - writingSince > STANDS_STILL.toNanos();
  }

  /** How many lines were dropped since the start. */
  long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all lines are written, but not longer; tells whether they are. */
  boolean flush(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
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
        // Closed at its other end: there is nobody to tell, and the count tells it all the same.
        lost(page);
      }
    }
  }

  /** Waits for lines and takes as many as one write takes. */
  private byte[] next() {
    lock.lock();
    try {
      writing = false;
      written = taken;
      room.signalAll();
      while (lines.isEmpty()) {
        work.awaitUninterruptibly();
      }
      ByteArrayOutputStream page = new ByteArrayOutputStream(Math.min(bytes, PAGE));
      while (!lines.isEmpty() && page.size() + lines.peek().length <= PAGE) {
        take(page);
      }
      if (page.size() == 0) {
        take(page);
      }
      if (unsaid > 0) {
        page.writeBytes(dropNotice.apply(unsaid));
        unsaid = 0;
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

  private void lost(byte[] page) {
    long count = new String(page, StandardCharsets.UTF_8).lines().count();
    lock.lock();
    try {
      dropped += count;
    } finally {
      lock.unlock();
    }
  }
}
