package io.streamfleet.worker.lock;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.loop.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The locks of channels: many in one call, each guarded by a token. The original's workers take the
 * same locks, so neither key nor value is ours to choose.
 */
public class ChannelLocks {

  private static final Script ACQUIRE = Script.beside(ChannelLocks.class, "acquire.lua");
  private static final Script RENEW = Script.beside(ChannelLocks.class, "renew.lua");
  private static final Script RELEASE = Script.beside(ChannelLocks.class, "release.lua");

  /** Locks in one call: a script holds up the server for as long as it runs, some 1 us for each. */
  private static final int PAGE = 500;

  private final EventLoop loop;
  private final Link link;
  private final LockToken token;
  private final long ttlMillis;

  public ChannelLocks(EventLoop loop, Link link, LockToken token, long ttlMillis) {
    this.loop = loop;
    this.link = link;
    this.token = token;
    this.ttlMillis = ttlMillis;
  }

  /**
   * Tries to take locks.
   *
   * @param then hears on the loop, for each page, of the keys with their holders; a key that is
   *     ours now has the holder {@code ""}. Or of a failure, with the keys it concerns
   */
  public void acquire(List<String> keys, Answer<Map<String, String>> then) {
    call(
        ACQUIRE,
        keys,
        (page, reply) -> {
          Map<String, String> holders = HashMap.newHashMap(page.size());
          for (int i = 0; i < page.size(); i++) {
            holders.put(page.get(i), Link.text(reply.get(i)));
          }
          return holders;
        },
        then);
  }

  /** Renews locks; hears of those that are not ours any more. */
  public void renew(List<String> keys, Answer<List<String>> then) {
    call(RENEW, keys, ChannelLocks::at, then);
  }

  /**
   * Releases locks; completes when Redis has answered all calls, or failed to. A release that came
   * after a later {@link #acquire} of the same lock would delete it under its lane's feet: whoever
   * wants it back waits for the answer. The order of calls is not enough, for a client opens the
   * connection to a node of a cluster when it is first needed, and what waited for it may go out in
   * any order.
   *
   * @param then hears on the loop, for each page of keys, that they are released, or of the failure
   */
  public CompletableFuture<Void> release(
      List<String> keys, BiConsumer<List<String>, @Nullable Throwable> then) {
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (List<String> page : pages(keys)) {
      calls.add(
          link.eval(RELEASE, page, args -> args.add(token.value()))
              .whenComplete((released, failure) -> loop.execute(() -> then.accept(page, failure))));
    }
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new));
  }

  /** Hears of one page of keys, on the loop. */
  public interface Answer<T> {

    void answered(List<String> keys, T answer, long sentAt);

    void failed(List<String> keys, Throwable failure);
  }

  private interface Reading<T> {
    T read(List<String> page, List<Object> reply);
  }

  private <T> void call(Script script, List<String> keys, Reading<T> reading, Answer<T> then) {
    for (List<String> page : pages(keys)) {
      long sent = loop.now();
      BiConsumer<@Nullable List<Object>, @Nullable Throwable> answered =
          (reply, failure) ->
              loop.execute(
                  () -> {
                    if (reply == null) {
                      then.failed(page, failure == null ? new IllegalStateException() : failure);
                    } else {
                      then.answered(page, reading.read(page, reply), sent);
                    }
                  });
      link.eval(
              script,
              page,
              args ->
                  args.add(token.value())
                      .add(ttlMillis)
                      .add(token.consumer())
                      .add(token.ofProcess())
                      .add(token.ofScope()))
          .whenComplete(answered);
    }
  }

  private static List<String> at(List<String> page, List<Object> positions) {
    return positions.stream().map(p -> page.get(Math.toIntExact((Long) p) - 1)).toList();
  }

  private List<List<String>> pages(List<String> keys) {
    List<List<String>> pages = new ArrayList<>();
    for (List<Integer> slot : link.bySlot(keys)) {
      for (int from = 0; from < slot.size(); from += PAGE) {
        pages.add(
            slot.subList(from, Math.min(slot.size(), from + PAGE)).stream()
                .map(keys::get)
                .toList());
      }
    }
    return pages;
  }
}
