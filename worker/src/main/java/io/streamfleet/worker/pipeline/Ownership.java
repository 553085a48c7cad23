package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import java.util.List;

/**
 * Steps 5 and 6, for one stream: what is ours stays so, what is another's is let go, and nothing is
 * handled that is in doubt. Belongs to the pipeline's loop.
 */
interface Ownership {

  /** Renews what is ours, where that needs doing for each entry. */
  void renewAll();

  /** Whether the handling of an entry may start without a question. */
  boolean isFresh(Entry entry, long now);

  /** Whether an entry was surely ours at a time at which its handler ended. */
  boolean wasOurs(Entry entry, long at);

  /**
   * Asks whether entries are ours still, before they are handled; those that are not are lost
   * before the continuation runs. Asks again, with back-off, until that is known.
   */
  void confirm(List<EntryId> ids, Runnable then);

  /** A sweep has claimed entries. */
  void claimed(List<EntryId> ids);
}
