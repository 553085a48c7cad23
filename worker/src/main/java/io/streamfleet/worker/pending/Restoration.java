package io.streamfleet.worker.pending;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Restores pending entries after their group was lost and created again: entries that this worker
 * has in flight become pending for this consumer with their delivery counts.
 */
public final class Restoration {

  private static final Script RESTORE = Script.beside(Restoration.class, "restore.lua");

  /** Entries in one call. A script blocks the server while it runs, about 3 us for each. */
  private static final int PAGE = 500;

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;

  public Restoration(EventLoop loop, Link link, StreamConsumer stream) {
    this.loop = loop;
    this.link = link;
    this.stream = stream;
  }

  /**
   * Makes entries pending for this consumer again, if the stream still has them and they are not
   * pending for another consumer.
   *
   * @param deliveries the delivery counts
   * @param then called once on the loop, with the failure or null
   */
  public void restore(Map<EntryId, Integer> deliveries, Consumer<@Nullable Throwable> then) {
    List<Map.Entry<EntryId, Integer>> all = List.copyOf(deliveries.entrySet());
    List<CompletableFuture<?>> pages = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PAGE) {
      List<Map.Entry<EntryId, Integer>> page = all.subList(from, Math.min(all.size(), from + PAGE));
      pages.add(
          link.eval(
              RESTORE,
              List.of(stream.stream()),
              args -> {
                args.add(stream.group()).add(stream.consumer());
                page.forEach(entry -> args.add(entry.getKey().toString()).add(entry.getValue()));
              }));
    }
    CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new))
        .whenComplete((done, failure) -> loop.execute(() -> then.accept(failure)));
  }
}
