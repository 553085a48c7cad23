package io.streamfleet.operator.redis;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Deletes the consumer groups of a fleet with their pending entries, unless somebody else uses
 * them. Streams stay.
 */
public final class GroupRemoval {

  private static final Script DESTROY = Script.beside(GroupRemoval.class, "destroy_group.lua");

  /**
   * Consumers call more often than this while they run, since they block for seconds. One that
   * handles an entry for longer has that entry pending.
   */
  private static final Duration ALIVE_WITHIN = Duration.ofMinutes(5);

  private final Link link;
  private final NoticeChannels notices;

  public GroupRemoval(Link link, NoticeChannels notices) {
    this.link = link;
    this.notices = notices;
  }

  /** The result. */
  public sealed interface Outcome {

    /** The group was deleted. */
    record Removed() implements Outcome {}

    /** The group or the stream does not exist. */
    record NotThere() implements Outcome {}

    /**
     * Somebody else uses the group, so it was kept.
     *
     * @param why as text for users
     */
    record InUse(String why) implements Outcome {}
  }

  /**
   * Deletes a group, unless a consumer of somebody else is alive in it or has pending entries.
   *
   * @param own whether a consumer is named like this fleet's workers, which are gone. If somebody
   *     is subscribed under such a name all the same, it belongs to another fleet of the same name
   */
  public CompletableFuture<Outcome> remove(ConsumerGroup group, Predicate<String> own) {
    return new GroupInspection(link)
        .look(List.of(group), GroupInspection.Consumers.ALL, List.of())
        .thenCompose(
            seen ->
                gone(
                    group,
                    seen.groups().getFirst().consumers().stream()
                        .map(ObservedConsumer::name)
                        .filter(own)
                        .toList()))
        .thenCompose(
            gone ->
                link.eval(
                    DESTROY,
                    List.of(group.stream()),
                    args -> {
                      args.add(group.group()).add(ALIVE_WITHIN.toMillis());
                      gone.forEach(args::add);
                    }))
        .thenApply(GroupRemoval::outcome);
  }

  /** A group that could not be read gives no answer. */
  private static boolean has(ObservedGroup group, String mark) {
    group
        .refused()
        .ifPresent(
            refused -> {
              throw new IllegalStateException(refused);
            });
    return group.consumers().stream().anyMatch(consumer -> consumer.name().equals(mark));
  }

  /** XGROUP has its own error message for a key that does not exist. */
  private static boolean isMissing(Throwable failure) {
    String said = String.valueOf(Failures.cause(failure).getMessage());
    return Failures.isNoGroup(failure) || said.contains("requires the key to exist");
  }

  /**
   * The consumers under whose name nobody is subscribed. If Redis can't tell, it is enough that the
   * pod is gone.
   */
  private CompletableFuture<List<String>> gone(ConsumerGroup group, List<String> names) {
    List<CompletableFuture<Optional<String>>> asked =
        names.stream()
            .map(
                name ->
                    notices
                        .isListening(link, group, name)
                        .thenApply(
                            listens -> Optional.of(name).filter(it -> !listens.orElse(false))))
            .toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList());
  }

  private static Outcome outcome(List<Object> reply) {
    long said = (Long) reply.getFirst();
    if (said == 2) {
      return new Outcome.InUse(
          "consumer %s uses it, with %s pending and a last call %d s ago"
              .formatted(
                  Link.text(reply.get(1)),
                  reply.get(2),
                  Duration.ofMillis((Long) reply.get(3)).toSeconds()));
    }
    return said == 1 ? new Outcome.Removed() : new Outcome.NotThere();
  }

  /**
   * Whether another connection leads to the same group. Addresses don't tell: a server may have
   * many names, and a name may mean different servers in two namespaces. So this creates a consumer
   * with a unique name and looks for it over the other connection.
   */
  public CompletableFuture<Boolean> isIn(Link other, ConsumerGroup group) {
    String mark = "streamfleet-operator-" + UUID.randomUUID();
    return link.number(
            CommandType.XGROUP,
            Link.args().add("CREATECONSUMER").addKey(group.stream()).add(group.group()).add(mark))
        .thenCompose(
            made ->
                new GroupInspection(other)
                    .look(List.of(group), GroupInspection.Consumers.ALL, List.of()))
        .thenApply(seen -> has(seen.groups().getFirst(), mark))
        .handle(
            (found, failure) -> {
              if (failure != null && isMissing(failure)) {
                // A group that does not exist is not shared.
                return CompletableFuture.completedFuture(false);
              }
              return link.number(
                      CommandType.XGROUP,
                      Link.args()
                          .add("DELCONSUMER")
                          .addKey(group.stream())
                          .add(group.group())
                          .add(mark))
                  .handle(
                      (removed, trouble) ->
                          failure == null
                              ? CompletableFuture.completedFuture(found)
                              : CompletableFuture.<Boolean>failedFuture(Failures.cause(failure)))
                  .thenCompose(told -> told);
            })
        .thenCompose(told -> told);
  }
}
