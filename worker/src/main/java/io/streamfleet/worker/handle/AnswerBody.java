package io.streamfleet.worker.handle;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayDeque;

/**
 * The body of an answer, in the pieces in which it arrived. A piece is released once it was read.
 * Used by one thread at a time.
 */
final class AnswerBody {

  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>(2);

  void add(byte[] piece) {
    pieces.add(piece);
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /**
   * The bytes, to be read once. They are not joined, since a long body would be in memory twice.
   */
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
        byte[] next = pieces.poll();
        if (next == null) {
          return false;
        }
        piece = new ByteArrayInputStream(next);
      }
      return true;
    }
  }
}
