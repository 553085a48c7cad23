package io.streamfleet.worker.lock;

import java.util.UUID;

/**
 * The value of the locks that a pipeline holds: {@code <consumer>/<uuid>}, which tells others to
 * whom a channel's entries belong now. The tokens of one process differ in the last twelve digits
 * only, so that a lock of an earlier process of the same name can be told from one of a sibling.
 *
 * @param consumer the consumer name
 * @param process drawn once for each process
 * @param pipeline counts the pipelines of the process
 */
public record LockToken(String consumer, UUID process, int pipeline) {

  private static final int SHARED_DIGITS = 24;

  String value() {
    return ofProcess() + "%012x".formatted(pipeline);
  }

  /** How the tokens of this process begin. */
  String ofProcess() {
    return ofConsumer() + process.toString().substring(0, SHARED_DIGITS);
  }

  /** How the tokens of every process begin that bears the name. */
  String ofConsumer() {
    return consumer + "/";
  }
}
