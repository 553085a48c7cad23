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

/** Fetches entries that are pending for us and known by id only. */
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
   * What a fetch brought.
   *
   * @param reached how many of the ids were come to; of these, who is not in the batch is not ours
   * @param next bytes of the first one that did not fit; 0 if it is not known that any does not
   */
  public record Fetched(Batch batch, int reached, long next) {}

  /** Whether a fetch is a delivery of its entries. */
  public enum Delivery {
    /** One more, which is counted. */
    ONE_MORE,
    /** The one that Redis has counted already. */
    COUNTED,
    /** None: the entries were here before, and were parked. */
    NONE
  }

  private Batch decoded(List<RawEntry> raw, Delivery delivery, long sent) {
    return delivery == Delivery.NONE ? decoder.decodeKnown(raw, sent) : decoder.decode(raw, sent);
  }

  /**
   * Fetches those of the ids that are ours, as many of them as fit, in their order; the others are
   * left out.
   *
   * @param delivery whether this is one
   * @param room bytes of all payloads at the most
   * @param largest bytes of one payload at the most
   * @param then hears on the loop of the entries, or of why there are none
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
