package io.streamfleet.redis.group;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Removes a consumer: its pending entries become claimable at once, the other consumers are told,
 * and the consumer is deleted if (and only if) nothing is pending for it. So nothing waits for
 * {@code minIdle}, and no pending entry is lost. A consumer, group or stream that does not exist is
 * no error, and is not created.
 *
 * <p>All calls may be repeated. A consumer that stays needs another call once its entries were
 * claimed.
 */
public final class ConsumerDeparture {

  private static final Script LEAVE = Script.beside(ConsumerDeparture.class, "leave.lua");
  private static final Script REMOVE =
      Script.beside(ConsumerDeparture.class, "remove_consumer.lua");

  /** The idle time that is set on released entries: longer than any sensible {@code minIdle}. */
  private static final Duration RELEASED_IDLE = Duration.ofDays(1);

  /** Entries for each script call, at about 2 us each, so that other clients wait only briefly. */
  static final int PAGE_SIZE = 500;

  private final Link link;
  private final NoticeChannels notices;

  public ConsumerDeparture(Link link, NoticeChannels notices) {
    this.link = link;
    this.notices = notices;
  }

  /**
   * A worker leaves at its shutdown. Entries that it never tried are released with a delivery count
   * reduced by one, since whoever claims them increments it.
   *
   * @param tried entries whose handler was started; their counts stay
   */
  public CompletableFuture<DepartureResult> leave(
      ConsumerGroup group, String consumer, Collection<EntryId> tried) {
    return depart(
        new Leaver(group, consumer, "", true, Duration.ZERO, "", new TreeSet<>(tried)), () -> true);
  }

  /**
   * A consumer is gone without a shutdown: its pod no longer exists. Nobody knows which entries it
   * tried, and it costs none of them an attempt: their delivery counts are lowered by one, since
   * the worker that claims one counts one.
   *
   * <p>Does nothing if the consumer is alive, as far as Redis can tell in the same script: if
   * somebody is subscribed under its name, or nobody can tell (see {@link
   * NoticeChannels#isListening}), and it called Redis recently.
   *
   * @param silence a subscribed consumer that called within this time is alive; longer than a
   *     running one is ever silent, such as while its reads block. A release counts as a call too
   *     (XCLAIM touches the consumer), so where nobody can tell, it may take this time until the
   *     consumer is deleted
   * @return can be cancelled: no further page is released then, since the next call would do it
   *     again at the same time
   */
  public CompletableFuture<DepartureResult> release(
      ConsumerGroup group, String consumer, Duration silence) {
    CompletableFuture<DepartureResult> released = new CompletableFuture<>();
    noSubscribersElsewhere(group, consumer)
        .thenCompose(
            noSubscribers ->
                depart(
                    new Leaver(
                        group,
                        consumer,
                        notices.ofConsumer(group, consumer),
                        noSubscribers,
                        silence,
                        SuspectsKey.of(link, group),
                        new TreeSet<>()),
                    () -> !released.isDone()))
        .whenComplete(
            (departed, failure) -> {
              if (failure == null) {
                released.complete(departed);
              } else {
                released.completeExceptionally(Failures.cause(failure));
              }
            });
    return released;
  }

  /** In a Cluster a script only sees the subscribers of its own node. */
  private CompletableFuture<Boolean> noSubscribersElsewhere(ConsumerGroup group, String consumer) {
    return link.isCluster()
        ? notices
            .isListening(link, group, consumer)
            .thenApply(listening -> listening.filter(heard -> !heard).isPresent())
        : CompletableFuture.completedFuture(true);
  }

  private record Leaver(
      ConsumerGroup group,
      String consumer,
      String channel,
      boolean noSubscribers,
      Duration silence,
      String suspects,
      NavigableSet<EntryId> tried) {

    /** All that are in the page that begins there, which has no more entries than that. */
    Stream<EntryId> triedFrom(String from) {
      return from.equals("-")
          ? tried.stream().limit(PAGE_SIZE)
          : tried.tailSet(EntryId.parse(from.substring(1)), false).stream().limit(PAGE_SIZE);
    }

    /** Our own calls touch the consumer too, so the check is only made before the first change. */
    Leaver certainlyGone() {
      return new Leaver(group, consumer, "", true, Duration.ZERO, suspects, tried);
    }
  }

  /** The result of one script call. */
  private record Page(boolean alive, long changed, List<String> last) {

    static Page of(List<Object> reply) {
      return new Page(
          number(reply.get(0)) == 1,
          number(reply.get(1)),
          reply.stream().skip(2).map(Link::text).toList());
    }

    private static long number(Object reply) {
      return (Long) reply;
    }
  }

  private CompletableFuture<DepartureResult> depart(Leaver leaver, BooleanSupplier wanted) {
    return pages(leaver, "-", 0, wanted)
        .thenCompose(
            departed ->
                departed.alive()
                    ? CompletableFuture.completedFuture(departed)
                    : remove(leaver.group(), leaver.consumer())
                        .thenCompose(
                            gone ->
                                gone
                                    ? CompletableFuture.completedFuture(
                                        new DepartureResult(departed.released(), true, false))
                                    : notifyOthers(leaver.group(), departed)))
        .exceptionally(
            failure -> {
              if (Failures.isNoGroup(failure)) {
                return DepartureResult.WITH_ITS_GROUP;
              }
              throw new CompletionException(Failures.cause(failure));
            });
  }

  private CompletableFuture<DepartureResult> pages(
      Leaver leaver, String from, long before, BooleanSupplier wanted) {
    if (!wanted.getAsBoolean()) {
      return CompletableFuture.failedFuture(new CancellationException("the release was cancelled"));
    }
    return page(leaver, from)
        .thenCompose(
            page -> {
              if (page.alive()) {
                // It came back in between: what was released stays claimable, it keeps the rest.
                return CompletableFuture.completedFuture(new DepartureResult(before, false, true));
              }
              long released = before + page.changed();
              return page.last().isEmpty()
                  ? CompletableFuture.completedFuture(new DepartureResult(released, false, false))
                  : pages(
                      released > 0 ? leaver.certainlyGone() : leaver,
                      "(" + page.last().getFirst(),
                      released,
                      wanted);
            });
  }

  private CompletableFuture<Page> page(Leaver leaver, String from) {
    return link.eval(
            LEAVE,
            List.of(leaver.group().stream()),
            args -> {
              args.add(leaver.group().group()).add(leaver.consumer());
              args.add(RELEASED_IDLE.toMillis()).add(from).add(PAGE_SIZE);
              args.add(leaver.channel()).add(leaver.silence().toMillis());
              args.add(leaver.noSubscribers() ? 1 : 0);
              args.add(leaver.suspects()).add(SuspectsKey.KEPT.toMillis());
              leaver.triedFrom(from).forEach(id -> args.add(id.toString()));
            })
        .thenApply(Page::of);
  }

  /**
   * Removes a consumer that is not ours but idle. It is deleted if nothing is pending for it;
   * nothing is released.
   */
  public CompletableFuture<DepartureResult> removeEmpty(ConsumerGroup group, String consumer) {
    return remove(group, consumer)
        .thenApply(gone -> new DepartureResult(0, gone, false))
        .exceptionally(
            failure -> {
              if (Failures.isNoGroup(failure)) {
                return DepartureResult.WITH_ITS_GROUP;
              }
              throw new CompletionException(Failures.cause(failure));
            });
  }

  /** Completes with whether the consumer is deleted; it stays while anything is pending for it. */
  CompletableFuture<Boolean> remove(ConsumerGroup group, String consumer) {
    return link.eval(REMOVE, List.of(group.stream()), args -> args.add(group.group()).add(consumer))
        .thenApply(reply -> reply.getFirst() instanceof Long one && one == 1);
  }

  /** Nothing depends on the notice, so a failure is ignored. */
  private CompletableFuture<DepartureResult> notifyOthers(
      ConsumerGroup group, DepartureResult departed) {
    return notices.sweep(link, group).handle((hearers, failure) -> departed);
  }
}
