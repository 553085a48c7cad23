package io.streamfleet.redis.group;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Creates consumer groups, with their streams, if they don't exist. */
public final class GroupCreation {

  private static final Logger LOG = LoggerFactory.getLogger(GroupCreation.class);

  private static final Script POSITION = Script.beside(GroupCreation.class, "position.lua");

  private static final String BEGINNING = "0";
  private static final String END = "$";

  /** Enough to see which groups it is about. */
  private static final int MOST_LINES = 8;

  private static final Duration LINES_IN = Duration.ofMinutes(1);

  private final Link link;
  private final String startId;
  private final Lines lines = new Lines();

  private static final class Lines {
    private long since = System.nanoTime();
    private int count;
  }

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

  /** Creates the group if it does not exist; completes with whether it was created. */
  public CompletableFuture<Boolean> create(ConsumerGroup group) {
    return create(group, startId)
        .thenApply(
            created -> {
              if (created) {
                said(LOG.atInfo())
                    .addKeyValue("stream", group.stream())
                    .addKeyValue("group", group.group())
                    .addKeyValue("from", startId)
                    .log("created the consumer group");
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
   * Whether the position of a lost group is needed to create it again. A group that starts at the
   * beginning starts there again.
   */
  public boolean needsPosition() {
    return !startId.equals(BEGINNING);
  }

  /**
   * The position of the group; to be asked regularly, since it is lost with the group.
   *
   * @return empty when the group does not exist; also fails when Redis refuses the command
   */
  public CompletableFuture<Optional<GroupPosition>> position(ConsumerGroup group) {
    return state(group).thenApply(State::position);
  }

  /**
   * Creates a lost group again (after a FLUSHALL, a failover to an empty replica, a manual delete),
   * so that no entry added since is skipped. A stream that is new, or ends below what the group had
   * read, is read from its beginning, whatever the start of the group. In the same stream, a group
   * that starts at the end continues after what it had read.
   *
   * @param known the last known position
   * @return whether it was created: others may have done so
   */
  public CompletableFuture<Boolean> recreate(ConsumerGroup group, @Nullable GroupPosition known) {
    if (!needsPosition()) {
      return recreate(group, BEGINNING);
    }
    return state(group)
        .exceptionallyCompose(
            failure ->
                Failures.isRefusal(failure) && !Failures.isWrongType(failure)
                    ? CompletableFuture.completedFuture(State.REFUSED)
                    : CompletableFuture.failedFuture(Failures.cause(failure)))
        .thenCompose(
            state ->
                state.delivered() != null
                    ? CompletableFuture.completedFuture(false)
                    : recreate(group, restartFrom(known, state)));
  }

  private String restartFrom(@Nullable GroupPosition known, State state) {
    if (!state.refused() && (state.stream() == null || isAnother(known, state.stream()))) {
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
                said(LOG.atWarn())
                    .addKeyValue("stream", group.stream())
                    .addKeyValue("group", group.group())
                    .addKeyValue("from", from)
                    .log("the consumer group was lost and has been created again");
              }
              return created;
            });
  }

  /** All groups of a stream with a thousand partitions are created, or lost, at one time. */
  private LoggingEventBuilder said(LoggingEventBuilder line) {
    synchronized (lines) {
      long now = System.nanoTime();
      if (now - lines.since >= LINES_IN.toNanos()) {
        lines.since = now;
        lines.count = 0;
      }
      lines.count++;
      return lines.count < MOST_LINES
          ? line
          : lines.count == MOST_LINES
              ? line.addKeyValue("others", "in the next minute without a line")
              : LOG.atDebug();
    }
  }

  private CompletableFuture<State> state(ConsumerGroup group) {
    return link.eval(POSITION, List.of(group.stream()), args -> args.add(group.group()))
        .thenApply(State::of);
  }

  /**
   * What the server says about stream and group.
   *
   * @param stream null if it does not exist
   * @param delivered null if the group does not exist
   * @param refused whether the command was refused, as an ACL may
   */
  private record State(@Nullable StreamMark stream, @Nullable EntryId delivered, boolean refused) {

    private static final State REFUSED = new State(null, null, true);

    static State of(List<Object> reply) {
      if (reply.isEmpty()) {
        return new State(null, null, false);
      }
      StreamMark mark =
          new StreamMark(id(reply.get(0)), (Long) reply.get(1), id(reply.get(2)), id(reply.get(3)));
      boolean there = !Link.text(reply.get(4)).isEmpty();
      return new State(mark, there ? id(reply.get(4)) : null, false);
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
