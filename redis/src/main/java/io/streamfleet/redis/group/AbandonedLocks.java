package io.streamfleet.redis.group;

import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Releases the channel locks of consumers that are gone. They would expire, but until then nobody
 * handles the entries of these channels. They are found by scanning the keys, which takes Redis
 * about a millisecond for each thousand keys, in short steps.
 */
public final class AbandonedLocks {

  private static final Script UNLOCK = Script.beside(AbandonedLocks.class, "unlock.lua");

  /** The placeholders of a template. */
  private static final Pattern NAME = Pattern.compile("\\{(channel|platform)}");

  private static final Pattern SPECIAL = Pattern.compile("[\\\\*?\\[\\]]");

  /** Locks for each script call, at about 1 us each, so that other clients wait only briefly. */
  private static final int PAGE_SIZE = 500;

  private final Link link;
  private final String pattern;

  /**
   * @param template the key of a channel's lock, with placeholders {@code {channel}} and {@code
   *     {platform}}
   */
  public AbandonedLocks(Link link, String template) {
    this.link = link;
    String literal = SPECIAL.matcher(template).replaceAll("\\\\$0");
    this.pattern = NAME.matcher(literal).replaceAll("*");
  }

  /**
   * Deletes the locks of consumers; completes with their number. Only for consumers that are
   * certainly gone: a running one would lose the channels that it works on.
   *
   * @param groups that they read: a running consumer of the same name reads other groups
   * @return can be cancelled: no further step is taken then
   */
  public CompletableFuture<Long> release(
      Collection<String> consumers, Collection<ConsumerGroup> groups) {
    CompletableFuture<Long> released = new CompletableFuture<>();
    link.scan(pattern, () -> !released.isDone())
        .thenCompose(keys -> unlock(keys, consumers, groups))
        .whenComplete(
            (locks, failure) -> {
              if (failure == null) {
                released.complete(locks);
              } else {
                released.completeExceptionally(Failures.cause(failure));
              }
            });
    return released;
  }

  private CompletableFuture<Long> unlock(
      List<String> keys, Collection<String> consumers, Collection<ConsumerGroup> groups) {
    List<String> scopes = groups.stream().map(it -> LockScope.of(it).digits()).toList();
    List<CompletableFuture<Long>> calls = new ArrayList<>();
    for (List<Integer> slot : link.bySlot(keys)) {
      for (int from = 0; from < slot.size(); from += PAGE_SIZE) {
        List<String> page =
            slot.subList(from, Math.min(slot.size(), from + PAGE_SIZE)).stream()
                .map(keys::get)
                .toList();
        calls.add(
            link.eval(
                    UNLOCK,
                    page,
                    args -> {
                      args.add(consumers.size());
                      consumers.forEach(args::add);
                      scopes.forEach(args::add);
                    })
                .thenApply(reply -> (Long) reply.getFirst()));
      }
    }
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
        .thenApply(all -> calls.stream().mapToLong(CompletableFuture::join).sum());
  }
}
