package io.streamfleet.redis.group;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/**
 * The end of a consumer: what is pending for it is made claimable at once, the others are told, and
 * its name is removed if (and only if) nothing is pending under it. So nothing waits for {@code
 * minIdle}, and nothing is lost with a name. A name, a group or a stream that does not exist is no
 * error, and is not created.
 *
 * <p>All calls may be made again, and a name that stays behind takes another call once others have
 * claimed its entries.
 */
public final class ConsumerDeparture {

  private static final Script LEAVE = Script.beside(ConsumerDeparture.class, "leave.lua");
  private static final Script REMOVE =
      Script.beside(ConsumerDeparture.class, "remove_consumer.lua");

  /** How idle what is left behind looks: longer than any sensible {@code minIdle}. */
  private static final Duration LOOKS_IDLE = Duration.ofDays(1);

  /** Entries in one call of the script, some 2 us each: nobody waits long behind it. */
  static final int PAGE = 500;

  private final Link link;
  private final NoticeChannels notices;

  public ConsumerDeparture(Link link, NoticeChannels notices) {
    this.link = link;
    this.notices = notices;
  }

  /**
   * A consumer leaves by itself, in good order. What it never tried is given back with one delivery
   * less, as whoever claims it counts one more.
   *
   * @param tried entries that its handler has begun with; their counts stay
   */
  public CompletableFuture<DepartureResult> leave(
      ConsumerGroup group, String consumer, Collection<EntryId> tried) {
    return depart(
        new Leaver(group, consumer, "", true, Duration.ZERO, true, List.copyOf(tried)), () -> true);
  }

  /**
   * A consumer is gone without a word: its pod no longer exists. All delivery counts stay.
   *
   * <p>Nothing is done when it is there after all, as far as Redis can tell within the same step:
   * when somebody listens for notices under the name, or nobody can tell whether somebody does (see
   * {@link NoticeChannels#isListening}), and it has called Redis a moment ago.
   *
   * @param silence who listens and has called Redis within this time is alive; longer than a living
   *     one is ever silent, as while its reads block. What is released here counts as a call, too
   *     (XCLAIM touches the consumer), so a name may take this time to go where nobody can tell.
   * @return to be cancelled by whoever gives up: no further page is released then, since the next
   *     call would do it once more beside this one
   */
  public CompletableFuture<DepartureResult> release(
      ConsumerGroup group, String consumer, Duration silence) {
    CompletableFuture<DepartureResult> released = new CompletableFuture<>();
    unheardElsewhere(group, consumer)
        .thenCompose(
            unheard ->
                depart(
                    new Leaver(
                        group,
                        consumer,
                        notices.ofConsumer(group, consumer),
                        unheard,
                        silence,
                        false,
                        List.of()),
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

  /** The one node that a script runs on knows of its own listeners only. */
  private CompletableFuture<Boolean> unheardElsewhere(ConsumerGroup group, String consumer) {
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
      boolean unheard,
      Duration silence,
      boolean giveUntriedBack,
      List<EntryId> tried) {

    /** Our own calls are signs of life too, so the question is for before the first change. */
    Leaver certainlyGone() {
      return new Leaver(group, consumer, "", true, Duration.ZERO, giveUntriedBack, tried);
    }
  }

  /** What one run of the script came to. */
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
            made ->
                made.alive()
                    ? CompletableFuture.completedFuture(made)
                    : remove(leaver.group(), leaver.consumer())
                        .thenCompose(
                            gone ->
                                gone
                                    ? CompletableFuture.completedFuture(
                                        new DepartureResult(made.released(), true, false))
                                    : told(leaver.group(), made)))
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
      return CompletableFuture.failedFuture(
          new CancellationException("nobody waits for this any more"));
    }
    return page(leaver, from)
        .thenCompose(
            page -> {
              if (page.alive()) {
                // Come back in the middle: what it left until now is claimable, the rest is its.
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
              args.add(LOOKS_IDLE.toMillis()).add(from).add(PAGE);
              args.add(leaver.channel()).add(leaver.silence().toMillis());
              args.add(leaver.unheard() ? 1 : 0);
              args.add(leaver.giveUntriedBack() ? 1 : 0);
              leaver.tried().forEach(id -> args.add(id.toString()));
            })
        .thenApply(Page::of);
  }

  /**
   * A name that is not ours to say anything about but that nobody uses it any more. It goes if
   * nothing is pending under it, and nothing is taken from it.
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

  /** Completes with whether the name is gone; it stays while anything is pending under it. */
  CompletableFuture<Boolean> remove(ConsumerGroup group, String consumer) {
    return link.eval(REMOVE, List.of(group.stream()), args -> args.add(group.group()).add(consumer))
        .thenApply(reply -> reply.getFirst() instanceof Long one && one == 1);
  }

  /** A notice that cannot be published is as good as one that nobody heard. */
  private CompletableFuture<DepartureResult> told(ConsumerGroup group, DepartureResult departed) {
    return notices.sweep(link, group).handle((hearers, failure) -> departed);
  }
}
