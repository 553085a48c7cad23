package io.streamfleet.operator.redis;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import java.util.concurrent.CompletableFuture;

/** Deletes consumer groups, with all that is pending in them. Streams stay. */
public final class GroupRemoval {

  private final Link link;

  public GroupRemoval(Link link) {
    this.link = link;
  }

  /** Completes with whether there was such a group; that its stream is gone is no failure. */
  public CompletableFuture<Boolean> remove(ConsumerGroup group) {
    return link.number(
            CommandType.XGROUP,
            Link.args().add("DESTROY").addKey(group.stream()).add(group.group()))
        .handle(
            (removed, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(removed == 1);
              }
              Throwable cause = Failures.cause(failure);
              return isNoStream(cause)
                  ? CompletableFuture.completedFuture(false)
                  : CompletableFuture.<Boolean>failedFuture(cause);
            })
        .thenCompose(next -> next);
  }

  /** XGROUP has words of its own for a key that does not exist. */
  private static boolean isNoStream(Throwable cause) {
    String message = cause.getMessage();
    return message != null && message.contains("requires the key to exist");
  }
}
