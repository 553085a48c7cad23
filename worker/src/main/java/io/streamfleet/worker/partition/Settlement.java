package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import java.util.List;

/**
 * Entries of a partition to acknowledge.
 *
 * @param number the number of this settlement under the grant, from 1 on; a repetition has the same
 *     number
 */
public record Settlement(int partition, Grant grant, long number, List<EntryId> ids) {

  /** The result of a settlement. */
  public enum Result {
    /** The entries are settled, by this call or by an earlier one with the same number. */
    TAKEN,
    /** The lease is lost: the entries are left to its next owner. */
    LOST,
    /**
     * Redis has lost the previous settlement, or that an entry was delivered. The owner must
     * acquire the lease again and start with the pending entries.
     */
    COUNTED_OTHERWISE
  }

  public Settlement {
    ids = List.copyOf(ids);
  }
}
