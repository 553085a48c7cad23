package io.streamfleet.worker.partition;

/**
 * A partition that is read and settled under one grant of its lease.
 *
 * @param stream the stream of the partition
 * @param isFirst whether this process has not had the partition before
 * @param lost told when the lease is found to be lost, or Redis to count otherwise
 */
public record HeldPartition(
    int partition, String stream, Grant grant, boolean isFirst, Runnable lost) {}
