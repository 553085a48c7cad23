package io.streamfleet.worker.partition;

/**
 * A partition that is read.
 *
 * @param fence a key without which Redis delivers nothing of the stream
 */
record Fenced(String stream, String fence) {}
