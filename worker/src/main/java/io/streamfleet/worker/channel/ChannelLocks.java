package io.streamfleet.worker.channel;

import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.loop.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The locks of channels in Redis: many in one call, each with a token as its value. Workers of the
 * Python original take the same locks, which determines key and value. A key may also hold
 * something else: if Redis refuses one, that affects only its own channel.
 */
public class ChannelLocks implements LaneLocks {

  private static final Script ACQUIRE = Script.beside(ChannelLocks.class, "acquire.lua");
  private static final Script RENEW = Script.beside(ChannelLocks.class, "renew.lua");
  private static final Script RELEASE = Script.beside(ChannelLocks.class, "release.lua");

  /** Locks in one call. A script blocks the server while it runs, about 1 us for each. */
  private static final int PAGE = 500;

  private final EventLoop loop;
  private final Link link;
  private final String consumer;

  /** The texts of the token, which every call has. */
  private final String value;

  private final String ofProcess;
  private final String ofScope;
  private final long ttlMillis;
  private final ServerClock clock;

  public ChannelLocks(
      EventLoop loop, Link link, LockToken token, long ttlMillis, ServerClock clock) {
    this.loop = loop;
    this.link = link;
    this.consumer = token.consumer();
    this.value = token.value();
    this.ofProcess = token.ofProcess();
    this.ofScope = token.ofScope();
    this.ttlMillis = ttlMillis;
    this.clock = clock;
  }

  /** The original's workers want them, too. */
  @Override
  public boolean areShared() {
    return true;
  }

  @Override
  public void acquire(List<String> keys, Callback<Map<String, String>> then) {
    call(ACQUIRE, keys, ChannelLocks::holders, then);
  }

  @Override
  public void renew(List<String> keys, Callback<List<String>> then) {
    call(RENEW, keys, ChannelLocks::lost, then);
  }

  /**
   * Releases locks. To {@link #acquire} a lock again the caller must wait for the reply: a release
   * that is processed after the acquisition would delete the new lock. The order of calls is not
   * enough, since the client connects to a node of a Cluster when it is first needed, and calls
   * that waited for the connection may be sent in any order.
   *
   * @param then called on the loop for each page of keys, with the failure or null
   * @return completes when Redis has answered all calls; fails if a call failed, unless only
   *     because Redis refused a key
   */
  @Override
  public CompletableFuture<Void> release(
      List<String> keys, BiConsumer<List<String>, @Nullable Throwable> then) {
    return all(pages(keys).stream().map(page -> releasePage(page, then)));
  }

  private CompletableFuture<Void> releasePage(
      List<String> page, BiConsumer<List<String>, @Nullable Throwable> then) {
    return link.eval(RELEASE, page, args -> args.add(value))
        .handle(
            (released, failure) -> {
              boolean ofKeys = failure != null && Failures.isOfKeys(failure);
              if (ofKeys && page.size() > 1) {
                return all(halves(page).map(half -> releasePage(half, then)));
              }
              loop.execute(() -> then.accept(page, failure));
              return failure == null || ofKeys
                  ? CompletableFuture.<Void>completedFuture(null)
                  : CompletableFuture.<Void>failedFuture(failure);
            })
        .thenCompose(Function.identity());
  }

  private static CompletableFuture<Void> all(Stream<CompletableFuture<Void>> calls) {
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new));
  }

  /**
   * The decoded reply for one page: the keys that were not refused, the answer, and the refusals.
   */
  private record Reading<T>(List<String> keys, T answer, Map<String, String> refused) {}

  private interface Reader<T> {
    Reading<T> read(List<String> page, List<Object> reply);
  }

  private <T> void call(Script script, List<String> keys, Reader<T> reader, Callback<T> then) {
    pages(keys).forEach(page -> callPage(script, page, reader, then));
  }

  /**
   * Redis refuses the whole call because of one key. So the call is repeated for each half of the
   * page, until the refused key is alone.
   */
  private <T> void callPage(Script script, List<String> page, Reader<T> reader, Callback<T> then) {
    long sent = loop.now();
    BiConsumer<@Nullable List<Object>, @Nullable Throwable> answered =
        (reply, failure) -> {
          if (reply != null) {
            sawTime((Long) reply.getFirst(), sent);
            Reading<T> reading = reader.read(page, reply.subList(1, reply.size()));
            then.answered(reading.keys(), reading.answer(), sent);
            reading.refused().forEach(then::refused);
          } else if (failure == null || !Failures.isOfKeys(failure)) {
            then.failed(page, failure == null ? new IllegalStateException() : failure);
          } else if (page.size() > 1) {
            halves(page).forEach(half -> callPage(script, half, reader, then));
          } else {
            then.refused(page.getFirst(), Failures.line(failure));
          }
        };
    link.eval(
            script,
            page,
            args ->
                args.add(value)
                    .add(ttlMillis)
                    .add(consumer)
                    .add(ofProcess)
                    .add(ofScope)
                    .add(clock.wentBack(sent) ? 1 : 0))
        .whenComplete((reply, failure) -> loop.execute(() -> answered.accept(reply, failure)));
  }

  /**
   * Not in a Cluster: each node has a clock of its own, and a reply does not say which node sent
   * it.
   */
  private void sawTime(long serverMillis, long sentAt) {
    if (!link.isCluster()) {
      clock.saw(serverMillis, sentAt, loop.now());
    }
  }

  private static Reading<Map<String, String>> holders(List<String> page, List<Object> reply) {
    Map<String, String> holders = LinkedHashMap.newLinkedHashMap(page.size());
    Map<String, String> refused = Map.of();
    for (int i = 0; i < page.size(); i++) {
      if (reply.get(i) instanceof List<?> error) {
        refused = refused.isEmpty() ? new LinkedHashMap<>() : refused;
        refused.put(page.get(i), Link.text(error.getFirst()));
      } else {
        holders.put(page.get(i), Link.text(reply.get(i)));
      }
    }
    return new Reading<>(
        refused.isEmpty() ? page : List.copyOf(holders.keySet()), holders, refused);
  }

  private static Reading<List<String>> lost(List<String> page, List<Object> positions) {
    return new Reading<>(
        page,
        positions.stream().map(p -> page.get(Math.toIntExact((Long) p) - 1)).toList(),
        Map.of());
  }

  private static Stream<List<String>> halves(List<String> page) {
    int half = page.size() / 2;
    return Stream.of(page.subList(0, half), page.subList(half, page.size()));
  }

  private List<List<String>> pages(List<String> keys) {
    if (keys.size() <= PAGE && !link.isCluster()) {
      // Nearly always.
      return keys.isEmpty() ? List.of() : List.of(keys);
    }
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
