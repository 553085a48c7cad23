package io.streamfleet.worker.pending;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sets the delivery counts of entries that are pending for this consumer. Thread-safe. */
public final class DeliveryCounts {

  private static final Script COUNT =
      Script.beside(DeliveryCounts.class, "count.lua").after(PendingScript.FUNCTIONS);

  /** Ids in one call. A script blocks the server while it runs, about 2 us for each. */
  private static final int PAGE = 500;

  private final Link link;

  public DeliveryCounts(Link link) {
    this.link = link;
  }

  /** Sets counts; ids that are not pending for this consumer are left out. Idempotent. */
  public CompletableFuture<Void> set(StreamConsumer stream, Map<EntryId, Integer> counts) {
    List<EntryId> ids = List.copyOf(counts.keySet());
    List<CompletableFuture<?>> pages = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += PAGE) {
      List<EntryId> page = ids.subList(from, Math.min(ids.size(), from + PAGE));
      pages.add(
          link.eval(
              COUNT,
              List.of(stream.stream()),
              args -> {
                args.add(stream.group()).add(stream.consumer());
                PendingScript.addRange(args, page);
                for (EntryId id : page) {
                  args.add(id.toString()).add(counts.getOrDefault(id, 1));
                }
              }));
    }
    return CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new));
  }
}
