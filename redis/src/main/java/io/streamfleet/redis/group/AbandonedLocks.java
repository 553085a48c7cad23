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
 * The channel locks that consumers left behind which are gone. They would expire by themselves, but
 * until then nobody handles what waits in these channels. Nobody knows which they are but Redis, so
 * the keys are looked through; that takes it about a millisecond for each thousand keys it has, in
 * short steps.
 */
public final class AbandonedLocks {

  private static final Script UNLOCK = Script.beside(AbandonedLocks.class, "unlock.lua");

  /** What stands for something else in a template. */
  private static final Pattern NAME = Pattern.compile("\\{(channel|platform)}");

  private static final Pattern SPECIAL = Pattern.compile("[\\\\*?\\[\\]]");

  /** Locks in one call of the script, some 1 us each: nobody waits long behind it. */
  private static final int PAGE = 500;

  private final Link link;
  private final String pattern;

  /**
   * @param template the key of a channel's lock, in which {@code {channel}} and {@code {platform}}
   *     stand for names
   */
  public AbandonedLocks(Link link, String template) {
    this.link = link;
    String literal = SPECIAL.matcher(template).replaceAll("\\\\$0");
    this.pattern = NAME.matcher(literal).replaceAll("*");
  }

  /**
   * Deletes the locks of consumers; completes with how many there were. To be called for who is
   * certainly gone: a living consumer would lose the channels in which it works.
   *
   * @param groups what they read: a living consumer of the same name reads something else
   * @return to be cancelled by whoever gives up: no further step is taken then
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
      for (int from = 0; from < slot.size(); from += PAGE) {
        List<String> page =
            slot.subList(from, Math.min(slot.size(), from + PAGE)).stream().map(keys::get).toList();
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
