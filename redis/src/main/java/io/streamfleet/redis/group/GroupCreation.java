package io.streamfleet.redis.group;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates consumer groups, and their streams with them, where they do not exist. */
public final class GroupCreation {

  private static final Logger LOG = LoggerFactory.getLogger(GroupCreation.class);

  private static final Script POSITION = Script.beside(GroupCreation.class, "position.lua");

  private static final String BEGINNING = "0";
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
          case "Beginning" -> BEGINNING;
          case "End" -> END;
          default -> EntryId.parse(startFrom).toString();
        };
  }

  /** Sees to it that the group exists; completes with whether it had to be created. */
  public CompletableFuture<Boolean> create(ConsumerGroup group) {
    return create(group, startId)
        .thenApply(
            created -> {
              if (created) {
                LOG.atInfo()
                    .addKeyValue("stream", group.stream())
                    .addKeyValue("group", group.group())
                    .addKeyValue("from", startId)
                    .log("consumer group created");
              }
              return created;
            });
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
   * Whether the position of a group says where to go on when it is lost. One that begins with its
   * stream begins there again.
   */
  public boolean needsPosition() {
    return !startId.equals(BEGINNING);
  }

  /**
   * Where the group is; to be asked from the start on, since a group that is lost takes it along.
   *
   * @return empty when there is no such group; fails also when Redis refuses to tell
   */
  public CompletableFuture<Optional<GroupPosition>> position(ConsumerGroup group) {
    return look(group).thenApply(Look::position);
  }

  /**
   * The group was lost (a flush, a failover to an empty replica, a hand on the console): creates it
   * again, so that nothing that came since is passed over. A stream that is new, or ends below what
   * the group had seen, is read from its beginning, wherever the group was to start. In the stream
   * that it was in, a group that was to start at the end goes on behind what it had seen.
   *
   * @param known where the group was, as far as we know
   * @return whether it had to be created: others may have done so
   */
  public CompletableFuture<Boolean> recreate(ConsumerGroup group, @Nullable GroupPosition known) {
    if (!needsPosition()) {
      return recreate(group, BEGINNING);
    }
    return look(group)
        .exceptionallyCompose(
            failure ->
                Failures.isRefusal(failure) && !Failures.isWrongType(failure)
                    ? CompletableFuture.completedFuture(Look.REFUSED)
                    : CompletableFuture.failedFuture(Failures.cause(failure)))
        .thenCompose(
            look ->
                look.delivered() != null
                    ? CompletableFuture.completedFuture(false)
                    : recreate(group, goOnFrom(known, look)));
  }

  private String goOnFrom(@Nullable GroupPosition known, Look look) {
    if (!look.refused() && (look.stream() == null || isAnother(known, look.stream()))) {
      return BEGINNING;
    }
    return startId.equals(END) && known != null ? known.delivered().toString() : startId;
  }

  private static boolean isAnother(@Nullable GroupPosition known, StreamMark stream) {
    return known != null && !known.isIn(stream);
  }

  private CompletableFuture<Boolean> recreate(ConsumerGroup group, String from) {
    return create(group, from)
        .thenApply(
            created -> {
              if (created) {
                LOG.atWarn()
                    .addKeyValue("stream", group.stream())
                    .addKeyValue("group", group.group())
                    .addKeyValue("from", from)
                    .log("the consumer group was gone and is created again");
              }
              return created;
            });
  }

  private CompletableFuture<Look> look(ConsumerGroup group) {
    return link.eval(POSITION, List.of(group.stream()), args -> args.add(group.group()))
        .thenApply(Look::of);
  }

  /**
   * What the server says of stream and group.
   *
   * @param stream null when there is none
   * @param delivered null when there is no group
   * @param refused whether the server would not say: an ACL may forbid the question
   */
  private record Look(@Nullable StreamMark stream, @Nullable EntryId delivered, boolean refused) {

    private static final Look REFUSED = new Look(null, null, true);

    static Look of(List<Object> reply) {
      if (reply.isEmpty()) {
        return new Look(null, null, false);
      }
      StreamMark mark =
          new StreamMark(id(reply.get(0)), (Long) reply.get(1), id(reply.get(2)), id(reply.get(3)));
      boolean there = !Link.text(reply.get(4)).isEmpty();
      return new Look(mark, there ? id(reply.get(4)) : null, false);
    }

    private static EntryId id(Object text) {
      String id = Link.text(text);
      return id.isEmpty() ? EntryId.ZERO : EntryId.parse(id);
    }

    Optional<GroupPosition> position() {
      return stream == null || delivered == null
          ? Optional.empty()
          : Optional.of(new GroupPosition(stream, delivered));
    }
  }
}
