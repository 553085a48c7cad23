package io.streamfleet.worker.channel;

import io.streamfleet.redis.group.LockScope;
import java.util.UUID;

/**
 * The value of the locks that a pipeline holds: {@code <consumer>/<uuid>}. It tells other workers
 * to which consumer they can hand entries of the channel over. A consumer name may contain slashes;
 * the UUID follows the last one.
 *
 * <p>The first 24 characters of the UUID identify the process, the next eight the streams and group
 * that it reads. A lock with this worker's consumer name belongs to an earlier process of the name,
 * and may be taken over, only if the process differs and the streams and group are the same: two
 * running processes of one name never read the same, which {@code OwnName} ensures.
 *
 * @param consumer the consumer name
 * @param process random, the same for all pipelines of a process
 * @param scope identifies the streams and group
 * @param pipeline the number of the pipeline in its process
 */
public record LockToken(String consumer, UUID process, LockScope scope, int pipeline) {

  private static final int PROCESS_DIGITS = 24;

  /** Four hexadecimal digits: a pipeline of so many starts ago has ended. */
  private static final int PIPELINES = 0x10000;

  String value() {
    return consumer + "/" + ofProcess() + ofScope() + "%04x".formatted(pipeline % PIPELINES);
  }

  /** The start of all UUIDs of this process. */
  String ofProcess() {
    return process.toString().substring(0, PROCESS_DIGITS);
  }

  /** The next part of the UUIDs of all pipelines that read the same. */
  String ofScope() {
    return scope.digits();
  }
}
