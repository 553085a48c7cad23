package io.streamfleet.worker.handle;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, in the pieces in which it came. It lets each piece go when that was read,
 * and the rest when nobody wants it any more: the client's connection holds on to the first
 * exchange that it was made for until it is closed, and this one's answer with it. Written by the
 * client's threads, read by the handler's.
 */
final class AnswerBody {

  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
  private boolean dropped;

  synchronized void add(byte[] piece) {
    if (!dropped) {
      pieces.add(piece);
    }
  }

  synchronized boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** Lets all of it go; what comes still is not kept. */
  synchronized void drop() {
    dropped = true;
    pieces.clear();
  }

  private synchronized byte @Nullable [] take() {
    return pieces.poll();
  }

  /** The bytes, which can be read once. Not joined: a long body would be in memory twice. */
  InputStream read() {
    return new Reading();
  }

  private final class Reading extends InputStream {

    private ByteArrayInputStream piece = new ByteArrayInputStream(new byte[0]);

    @Override
    public int read() {
      return isThereMore() ? piece.read() : -1;
    }

    @Override
    public int read(byte[] into, int at, int length) {
      return isThereMore() ? piece.read(into, at, length) : -1;
    }

    private boolean isThereMore() {
      while (piece.available() == 0) {
        byte[] next = take();
        if (next == null) {
          return false;
        }
        piece = new ByteArrayInputStream(next);
      }
      return true;
    }
  }
}
