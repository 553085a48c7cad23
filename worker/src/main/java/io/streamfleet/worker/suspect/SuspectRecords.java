package io.streamfleet.worker.suspect;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.redis.group.SuspectsKey;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Stores in Redis which entries are suspected of killing the process that handles them, so that a
 * worker that takes one over knows. An entry that was never part of a death costs nothing.
 * Thread-safe.
 */
public final class SuspectRecords {

  /** Functions that other scripts are appended to: see the file. */
  public static final Script FUNCTIONS = Script.beside(SuspectRecords.class, "suspects.lua");

  private static final Script NOTE = Script.beside(SuspectRecords.class, "note.lua");

  /** Entries in one call. A script blocks the server while it runs, about 3 us for each entry. */
  private static final int PAGE = 500;

  private final Link link;

  public SuspectRecords(Link link) {
    this.link = link;
  }

  private String key(StreamConsumer stream) {
    return SuspectsKey.of(link, stream.consumerGroup());
  }

  /**
   * Records that entries were part of at least so many deaths. Idempotent. Does nothing where no
   * key in the stream's slot can be made.
   */
  public CompletableFuture<Void> accuse(StreamConsumer stream, Map<EntryId, Integer> deaths) {
    String key = key(stream);
    if (key.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<Map.Entry<EntryId, Integer>> all = List.copyOf(deaths.entrySet());
    List<CompletableFuture<?>> pages = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PAGE) {
      List<Map.Entry<EntryId, Integer>> page = all.subList(from, Math.min(all.size(), from + PAGE));
      pages.add(
          link.eval(
              NOTE,
              List.of(key),
              args -> {
                args.add(SuspectsKey.KEPT.toMillis());
                page.forEach(it -> args.add(it.getKey().toString()).add(it.getValue()).add(-1));
              }));
    }
    return CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new));
  }

  /** Records how many times an entry was started alone. Idempotent. */
  public CompletableFuture<Void> alone(StreamConsumer stream, EntryId id, int times) {
    String key = key(stream);
    if (key.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return link.eval(
            NOTE,
            List.of(key),
            args -> args.add(SuspectsKey.KEPT.toMillis()).add(id.toString()).add(0).add(times))
        .thenAccept(_ -> {});
  }

  /** Removes entries that are no suspects any more, or are settled. Idempotent. */
  public CompletableFuture<Void> forget(StreamConsumer stream, Collection<EntryId> ids) {
    String key = key(stream);
    if (key.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    CommandArgs<String, byte[]> args = Link.args().addKey(key);
    ids.forEach(id -> args.add(id.toString()));
    return link.number(CommandType.HDEL, args).thenAccept(_ -> {});
  }
}
