package io.streamfleet.worker.partition;

import io.streamfleet.worker.entry.RawEntry;
import java.util.List;

/** The result of a read under a lease. */
public sealed interface PartitionRead {

  /** New entries, oldest first; at least one. */
  record Entries(List<RawEntry> entries) implements PartitionRead {}

  /**
   * There are no new entries.
   *
   * @param last the id of the last entry, after which to wait for more
   */
  record Nothing(String last) implements PartitionRead {}

  /** The lease is lost: another worker has it, or nobody. */
  record Lost() implements PartitionRead {}

  /**
   * Redis counted another number of reads: the reply of a read was lost, or Redis has lost a read.
   * The owner must acquire the lease again and start with the pending entries.
   */
  record CountedOtherwise(long reads) implements PartitionRead {}
}
