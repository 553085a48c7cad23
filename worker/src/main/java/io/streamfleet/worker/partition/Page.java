package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import java.util.List;
import java.util.Set;

/**
 * Some of what is pending in a partition, all claimed for its owner, in the order of the ids.
 *
 * @param fromOthers those of them that were pending for another consumer until now
 * @param gone what was pending, and is not any more since the stream does not hold it
 * @param next where the next page begins, or empty when this was the last one
 * @param newest the newest id of the stream, after which to wait for more when all is read
 */
public record Page(
    List<EntryId> ids, Set<EntryId> fromOthers, List<EntryId> gone, String next, EntryId newest) {}
