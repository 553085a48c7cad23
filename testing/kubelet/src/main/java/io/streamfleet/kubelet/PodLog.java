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
 * The file into which a container prints. The process appends to it by itself, so that its last
 * words are there even if whoever started it is not.
 */
record PodLog(Path file) {

  /** A worker that logs every message fills it in an hour or so; twice as much is kept. */
  private static final long LONGEST = 10L * 1024 * 1024;

  /** Enough for an error with the trace of its stack. */
  private static final int LAST_WORDS = 16 * 1024;

  /** The older half, as far as there is one. */
  private Path older() {
    return file.resolveSibling(file.getFileName() + ".1");
  }

  /** Puts what is there aside, once it is long; the process goes on at the start of the file. */
  void keepShort() throws IOException {
    if (Files.exists(file) && Files.size(file) > LONGEST) {
      Files.copy(file, older(), REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
    }
  }

  /** How long it is; what is said from now on comes after that. */
  long length() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /**
   * The last of what was said since the log was so long.
   *
   * @param since as {@link #length} told it; if the log was cut since, it is read from its start
   */
  String end(long since) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long from = Math.max(since <= size ? since : 0, size - LAST_WORDS);
      ByteBuffer end = ByteBuffer.allocate((int) (size - from));
      while (end.hasRemaining() && channel.read(end, from + end.position()) > 0) {
        // reads on
      }
      return new String(end.array(), 0, end.position(), UTF_8);
    }
  }

  /** What is kept, the older first. */
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
