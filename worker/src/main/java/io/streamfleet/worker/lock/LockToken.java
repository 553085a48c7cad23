package io.streamfleet.worker.lock;

import io.streamfleet.redis.group.ConsumerGroup;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The value of the locks that a pipeline holds: {@code <consumer>/<uuid>}, which tells others to
 * whom a channel's entries belong now. A consumer's name may hold slashes; the UUID is what follows
 * the last one.
 *
 * <p>The UUID tells by its first 24 characters which process holds the lock, and by the eight after
 * them what that process reads. A lock of our consumer name is an earlier life's, and may be taken
 * over, only if both say so: another process read the same, and two living ones of one name never
 * do ({@code OwnName} sees to it). A name may be in use several times for different streams.
 *
 * @param consumer the consumer name
 * @param process drawn once for each process
 * @param scope what is read, see {@link #scopeOf}
 * @param pipeline counts the pipelines of the process
 */
public record LockToken(String consumer, UUID process, int scope, int pipeline) {

  private static final int PROCESS_DIGITS = 24;

  /** Four digits: a pipeline that many starts ago was given up long ago. */
  private static final int PIPELINES = 0x10000;

  /** Names what a pipeline reads, by its first stream. */
  public static int scopeOf(ConsumerGroup first) {
    CRC32 sum = new CRC32();
    // With its length: no two pairs of names make one text.
    String text = first.stream().length() + ":" + first.stream() + first.group();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return (int) sum.getValue();
  }

  String value() {
    return consumer + "/" + ofProcess() + ofScope() + "%04x".formatted(pipeline % PIPELINES);
  }

  /** How the UUIDs of this process begin. */
  String ofProcess() {
    return process.toString().substring(0, PROCESS_DIGITS);
  }

  /** What follows that in the UUIDs of all who read the same. */
  String ofScope() {
    return "%08x".formatted(scope);
  }
}
