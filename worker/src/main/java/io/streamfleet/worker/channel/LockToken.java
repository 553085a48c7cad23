package io.streamfleet.worker.channel;

import io.streamfleet.redis.group.LockScope;
import java.util.UUID;

/**
 * The value of the locks that a pipeline holds: {@code <consumer>/<uuid>}, which tells others to
 * whom a channel's entries belong now. A consumer's name may hold slashes; the UUID is what follows
 * the last one.
 *
 * <p>The UUID tells by its first 24 characters which process holds the lock, and by the eight after
 * them what that process reads. A lock of our consumer name is an earlier life's, and may be taken
 * over, only if both say so: another process read the same, and two living ones of one name never
 * do ({@code OwnName} sees to it).
 *
 * @param consumer the consumer name
 * @param process drawn once for each process
 * @param scope what is read
 * @param pipeline counts the pipelines of the process
 */
public record LockToken(String consumer, UUID process, LockScope scope, int pipeline) {

  private static final int PROCESS_DIGITS = 24;

  /** Four digits: a pipeline that many starts ago was given up long ago. */
  private static final int PIPELINES = 0x10000;

  String value() {
    return consumer + "/" + ofProcess() + ofScope() + "%04x".formatted(pipeline % PIPELINES);
  }

  /** How the UUIDs of this process begin. */
  String ofProcess() {
    return process.toString().substring(0, PROCESS_DIGITS);
  }

  /** What follows that in the UUIDs of all who read the same. */
  String ofScope() {
    return scope.digits();
  }
}
