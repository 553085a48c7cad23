package io.streamfleet.worker.pending;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Renews entries that are still pending for this consumer and reports the others, in one script. So
 * the check of ownership and its renewal are atomic.
 */
public final class Renewal {

  private static final Script RENEW =
      Script.beside(Renewal.class, "renew.lua").after(PendingScript.FUNCTIONS);

  /** Ids in one call. A script blocks the server while it runs, about 2 us for each. */
  private static final int PAGE = 500;

  private final EventLoop loop;
  private final Link link;
  private final StreamConsumer stream;

  public Renewal(EventLoop loop, Link link, StreamConsumer stream) {
    this.loop = loop;
    this.link = link;
    this.stream = stream;
  }

  /** The number of calls for so many ids. */
  public static int pages(int ids) {
    return (ids + PAGE - 1) / PAGE;
  }

  /** Gets the results, one page of ids at a time, on the loop. */
  public interface Listener {

    /**
     * Redis answered.
     *
     * @param asked all ids of the page
     * @param lost ids that are pending for another consumer, or settled
     * @param gone ids that are neither pending for this consumer nor in the stream any more
     * @param sentAt when the request was sent: the other ids were renewed after it
     */
    void renewed(List<EntryId> asked, Set<EntryId> lost, Set<EntryId> gone, long sentAt);

    /** Redis did not answer: nothing is known about these ids. */
    void unknown(List<EntryId> asked, Throwable failure);
  }

  /** Renews all these ids, in pages. */
  public void renew(List<EntryId> ids, Listener listener) {
    for (int from = 0; from < ids.size(); from += PAGE) {
      renewPage(ids.subList(from, Math.min(ids.size(), from + PAGE)), listener);
    }
  }

  private void renewPage(List<EntryId> page, Listener listener) {
    long sent = loop.now();
    CompletableFuture<List<Object>> reply =
        link.eval(
            RENEW,
            List.of(stream.stream()),
            args -> {
              args.add(stream.group()).add(stream.consumer());
              PendingScript.addRange(args, page);
              page.forEach(id -> args.add(id.toString()));
            });
    reply.whenComplete(
        (positions, failure) ->
            loop.execute(
                () -> {
                  if (failure != null) {
                    listener.unknown(page, failure);
                  } else {
                    listener.renewed(page, at(page, positions, 1), at(page, positions, -1), sent);
                  }
                }));
  }

  /** The ids at the positions with this sign. */
  private static Set<EntryId> at(List<EntryId> page, List<Object> positions, int sign) {
    Set<EntryId> ids = new HashSet<>();
    for (Object position : positions) {
      int signed = sign * Math.toIntExact((Long) position);
      if (signed > 0) {
        ids.add(page.get(signed - 1));
      }
    }
    return ids;
  }
}
