package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import java.util.List;

/**
 * Entries of a partition that are to be acknowledged.
 *
 * @param number how many settlements Redis took under the grant before this one, plus 1; one that
 *     is sent again keeps its number
 */
public record Settlement(int partition, Grant grant, long number, List<EntryId> ids) {

  /** What Redis made of it. */
  public enum Result {
    /** The entries are settled, by this call or by an earlier one with the same number. */
    TAKEN,
    /** The lease is another's, or nobody's: the entries are left to who has it. */
    LOST,
    /**
     * Redis has forgotten the settlement before. The owner has to acquire the lease anew and to
     * begin with what is pending.
     */
    COUNTED_OTHERWISE
  }

  public Settlement {
    ids = List.copyOf(ids);
  }
}
