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
 * Deletes the consumer groups of a fleet, with all that is pending in them, unless somebody else
 * lives there. Streams stay.
 */
public final class GroupRemoval {

  private static final Script DESTROY = Script.beside(GroupRemoval.class, "destroy_group.lua");

  /**
   * Consumers of any kind call more often while they live: they block for seconds. One that handles
   * for longer has something pending meanwhile.
   */
  private static final Duration LIVES = Duration.ofMinutes(5);

  private final Link link;
  private final NoticeChannels notices;

  public GroupRemoval(Link link, NoticeChannels notices) {
    this.link = link;
    this.notices = notices;
  }

  /** What came of it. */
  public sealed interface Outcome {

    /** It was deleted. */
    record Removed() implements Outcome {}

    /** There was no such group, or no stream. */
    record NotThere() implements Outcome {}

    /**
     * Somebody else uses it, and it was left alone.
     *
     * @param why for people
     */
    record InUse(String why) implements Outcome {}
  }

  /**
   * Deletes a group unless a consumer that is not the fleet's is alive in it, or has something
   * pending.
   *
   * @param own whether a name is of the fleet whose workers are gone; one under which somebody
   *     listens all the same is of another fleet of that name
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
                      args.add(group.group()).add(LIVES.toMillis());
                      gone.forEach(args::add);
                    }))
        .thenApply(GroupRemoval::outcome);
  }

  /** What Redis would not tell is no answer. */
  private static boolean has(ObservedGroup group, String mark) {
    group
        .refused()
        .ifPresent(
            refused -> {
              throw new IllegalStateException(refused);
            });
    return group.consumers().stream().anyMatch(consumer -> consumer.name().equals(mark));
  }

  /** XGROUP has words of its own for a key that does not exist. */
  private static boolean isMissing(Throwable failure) {
    String said = String.valueOf(Failures.cause(failure).getMessage());
    return Failures.isNoGroup(failure) || said.contains("requires the key to exist");
  }

  /** The names under which nobody listens; where nobody can tell, the pod's end has to do. */
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
   * Whether another connection leads to the same group. Addresses don't tell: one server has many
   * names, and one name may mean two servers in two namespaces. So a name that nobody else has is
   * put into the group, and looked for there.
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
                // Where there is no group, nobody shares it.
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
