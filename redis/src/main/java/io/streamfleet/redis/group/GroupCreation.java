package io.streamfleet.redis.group;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates consumer groups, and their streams with them, where they do not exist. */
public final class GroupCreation {

  private static final Logger LOG = LoggerFactory.getLogger(GroupCreation.class);

  private static final String END = "$";

  private final Link link;
  private final String startId;

  /**
   * @param startFrom {@code Beginning}, {@code End} or an entry id
   */
  public GroupCreation(Link link, String startFrom) {
    this.link = link;
    this.startId =
        switch (startFrom) {
          case "Beginning" -> "0";
          case "End" -> END;
          default -> EntryId.parse(startFrom).toString();
        };
  }

  /** Sees to it that the group exists; completes with whether it had to be created. */
  public CompletableFuture<Boolean> create(ConsumerGroup group) {
    return create(group, startId);
  }

  private CompletableFuture<Boolean> create(ConsumerGroup group, String from) {
    CommandArgs<String, byte[]> args =
        Link.args()
            .add("CREATE")
            .addKey(group.stream())
            .add(group.group())
            .add(from)
            .add("MKSTREAM");
    return link.status(CommandType.XGROUP, args)
        .handle(
            (reply, failure) -> {
              if (failure == null) {
                LOG.atInfo()
                    .addKeyValue("stream", group.stream())
                    .addKeyValue("group", group.group())
                    .addKeyValue("from", from)
                    .log("consumer group created");
                return CompletableFuture.completedFuture(true);
              }
              if (Failures.isBusyGroup(failure)) {
                return CompletableFuture.completedFuture(false);
              }
              return CompletableFuture.<Boolean>failedFuture(Failures.cause(failure));
            })
        .thenCompose(next -> next);
  }

  /**
   * The group was lost (a flush, a failover to an empty replica): creates it again. A group that
   * was to start at the stream's end goes on behind the last entry that we saw, so that what came
   * since is not passed over.
   */
  public CompletableFuture<Boolean> recreate(ConsumerGroup group, @Nullable EntryId lastSeen) {
    LOG.atWarn()
        .addKeyValue("stream", group.stream())
        .addKeyValue("group", group.group())
        .log("the consumer group is gone; creating it again");
    return create(group, startId.equals(END) && lastSeen != null ? lastSeen.toString() : startId);
  }
}
