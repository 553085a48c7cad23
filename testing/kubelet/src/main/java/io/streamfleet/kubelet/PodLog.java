package io.streamfleet.kubelet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The log file of a container. The process itself appends to it, so that its last lines are written
 * even if its parent is gone.
 */
record PodLog(Path file) {

  /** A worker that logs every message fills it in about an hour; twice as much is kept. */
  private static final long MAX_LENGTH = 10L * 1024 * 1024;

  /** Enough for an error with its stack trace. */
  private static final int TAIL_LENGTH = 16 * 1024;

  /** The rotated part, if there is one. */
  private Path older() {
    return file.resolveSibling(file.getFileName() + ".1");
  }

  /** Rotates the file if it is long; the process continues at its start. */
  void rotate() throws IOException {
    if (Files.exists(file) && Files.size(file) > MAX_LENGTH) {
      Files.copy(file, older(), REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
    }
  }

  /** The present length; later output comes after it. */
  long length() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /**
   * The last output since the file had this length.
   *
   * @param since from {@link #length}; if the file was rotated since, it is read from its start
   */
  String end(long since) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long from = Math.max(since <= size ? since : 0, size - TAIL_LENGTH);
      ByteBuffer end = ByteBuffer.allocate((int) (size - from));
      while (end.hasRemaining() && channel.read(end, from + end.position()) > 0) {
        // continue
      }
      return new String(end.array(), 0, end.position(), UTF_8);
    }
  }

  /** What is kept, the older part first. */
  String text() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path part : new Path[] {older(), file}) {
      if (Files.exists(part)) {
        text.append(new String(Files.readAllBytes(part), UTF_8));
      }
    }
    return text.toString();
  }
}
