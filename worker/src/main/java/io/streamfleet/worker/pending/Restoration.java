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
 * What is with this worker when its group is lost is not lost with it: once the group is there
 * again, these entries are made pending for this consumer as they were.
 */
public final class Restoration {

  private static final Script RESTORE = Script.beside(Restoration.class, "restore.lua");

  /**
   * Entries in one call: a script holds up the server for as long as it runs, some 3 us for each.
   */
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
   * Makes entries pending for us again, as far as the stream holds them and nobody else has them.
   *
   * @param deliveries how often each was delivered
   * @param then hears on the loop, once, of the failure or of none
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
