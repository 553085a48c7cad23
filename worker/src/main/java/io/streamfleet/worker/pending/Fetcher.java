package io.streamfleet.worker.pending;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.redis.group.SuspectsKey;
import io.streamfleet.worker.due.DueTimes;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.BatchDecoder;
import io.streamfleet.worker.read.ScriptEntries;
import io.streamfleet.worker.suspect.SuspectRecords;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Fetches entries that are pending for this consumer and known only by id. */
public final class Fetcher {

  private static final Script FETCH =
      Script.beside(Fetcher.class, "fetch.lua")
          .after(DueTimes.FUNCTIONS)
          .after(SuspectRecords.FUNCTIONS)
          .after(PendingScript.FUNCTIONS);

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;
  private final BatchDecoder decoder;
  private final String dueTimes;
  private final String suspects;

  public Fetcher(EventLoop loop, Link link, StreamConsumer stream, BatchDecoder decoder) {
    this.loop = loop;
    this.link = link;
    this.stream = stream;
    this.decoder = decoder;
    this.dueTimes = DueTimes.key(link, stream);
    this.suspects = SuspectsKey.of(link, stream.consumerGroup());
  }

  /**
   * The result of a fetch.
   *
   * @param reached how many of the ids were processed; those of them that are not in the batch are
   *     not pending for this consumer
   * @param next the size in bytes of the first entry that did not fit; 0 if all may fit
   */
  public record Fetched(Batch batch, int reached, long next) {}

  /** Whether a fetch counts as a delivery. */
  public enum Delivery {
    /** It does: the script increments the delivery counts. */
    ONE_MORE,
    /** Redis has counted this delivery already. */
    COUNTED,
    /** It does not: the entries were in flight here before, and were parked. */
    NONE
  }

  private Batch decoded(List<RawEntry> raw, Delivery delivery, long sent) {
    return delivery == Delivery.NONE ? decoder.decodeKnown(raw, sent) : decoder.decode(raw, sent);
  }

  /**
   * Fetches the entries that are pending for this consumer, in the order of the ids, as many as
   * fit.
   *
   * @param delivery whether it counts as a delivery
   * @param room the limit of all payloads in bytes
   * @param largest the limit of one payload in bytes
   * @param then called on the loop with the result or the failure
   */
  public void fetch(
      List<EntryId> ids,
      Delivery delivery,
      long room,
      long largest,
      BiConsumer<@Nullable Fetched, @Nullable Throwable> then) {
    long sent = loop.now();
    CompletableFuture<List<Object>> reply =
        link.eval(
            FETCH,
            List.of(stream.stream()),
            args -> {
              args.add(stream.group())
                  .add(stream.consumer())
                  .add(delivery == Delivery.ONE_MORE ? 1 : 0);
              PendingScript.addRange(args, ids);
              args.add(room).add(largest).add(dueTimes).add(suspects);
              ids.forEach(id -> args.add(id.toString()));
            });
    reply
        .thenApply(
            answer ->
                new Fetched(
                    decoded(ScriptEntries.of((List<?>) answer.get(2)), delivery, sent),
                    Math.toIntExact((Long) answer.get(0)),
                    (Long) answer.get(1)))
        .whenComplete((fetched, failure) -> loop.execute(() -> then.accept(fetched, failure)));
  }
}
