package io.streamfleet.worker.partition;

import io.streamfleet.worker.entry.RawEntry;
import java.util.List;

/** What came of a read under a lease. */
public sealed interface PartitionRead {

  /** New entries, oldest first; at least one. */
  record Entries(List<RawEntry> entries) implements PartitionRead {}

  /**
   * There are no new ones.
   *
   * @param last the id of the last entry, behind which to wait for more
   */
  record Nothing(String last) implements PartitionRead {}

  /** The lease is another's, or nobody's. */
  record Lost() implements PartitionRead {}

  /**
   * Redis counted another number of reads: something that it delivered never came here, or it has
   * forgotten what it delivered. The owner has to acquire the lease anew and to begin with what is
   * pending.
   */
  record CountedOtherwise(long reads) implements PartitionRead {}
}
