package io.streamfleet.redis.group;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Observes consumer groups. All commands of an observation are sent at once, so it takes about one
 * round trip, however many groups there are.
 */
public final class GroupInspection {

  /** Which consumers of a group are observed. */
  public enum Consumers {
    /** Those with pending entries, and how many. */
    PENDING,
    /** All, with the time of their last call; needs the permission for XINFO CONSUMERS. */
    ALL
  }

  private static final Script TAKES_WRITES =
      Script.beside(GroupInspection.class, "takes_writes.lua");

  private static final Script UNREAD = Script.beside(GroupInspection.class, "unread.lua");

  private final Link link;
  private final PendingWatch watch;
  private final Supplier<Instant> clock = Instant::now;

  /** For one observation, or for several with this object. */
  public GroupInspection(Link link) {
    this(link, new PendingWatch());
  }

  /**
   * @param watch remembers the oldest pending entries of earlier observations
   */
  public GroupInspection(Link link, PendingWatch watch) {
    this.link = link;
    this.watch = watch;
  }

  /**
   * Observes once. A stream or group that does not exist is a result, and so is a command that
   * Redis refuses.
   *
   * @param lengthsOf further streams of which only the length is read, such as for dead letters
   * @return fails when Redis does not answer within the time-out of the settings; this call itself
   *     throws nothing
   */
  public CompletableFuture<Inspection> look(
      Collection<ConsumerGroup> groups, Consumers consumers, Collection<String> lengthsOf) {
    CompletableFuture<CallResult<List<Object>>> time =
        CallResult.of(link.list(CommandType.TIME, Link.args()));
    Round round = new Round();
    List<GroupQuestions> asked =
        groups.stream().distinct().map(group -> round.ask(group, consumers)).toList();
    Map<String, CompletableFuture<CallResult<Long>>> lengths = new HashMap<>();
    lengthsOf.forEach(stream -> lengths.computeIfAbsent(stream, round::length));
    List<CompletableFuture<Optional<String>>> writes =
        oneKeyPerNode(groups, lengthsOf).map(this::writesRefused).toList();
    return CompletableFuture.allOf(
            Stream.of(
                    Stream.of(time),
                    lengths.values().stream(),
                    writes.stream(),
                    asked.stream().flatMap(GroupQuestions::questions))
                .flatMap(questions -> questions)
                .toArray(CompletableFuture[]::new))
        .handle(
            (all, failure) -> {
              if (failure != null) {
                throw new CompletionException(Failures.cause(failure));
              }
              // If an ACL forbids TIME, our own clock is used.
              Instant now = time.join().value().map(GroupInspection::instant).orElseGet(clock);
              return new Inspection(
                  now,
                  asked.stream().map(it -> it.observed(now, watch)).toList(),
                  known(lengths, CallResult::value),
                  known(lengths, CallResult::refusal),
                  writes.stream().flatMap(it -> it.join().stream()).findFirst());
            });
  }

  /** A key on each node that holds any of the streams; a single server needs none. */
  private Stream<List<String>> oneKeyPerNode(
      Collection<ConsumerGroup> groups, Collection<String> lengthsOf) {
    return link.isCluster()
        ? Stream.concat(groups.stream().map(ConsumerGroup::stream), lengthsOf.stream())
            .distinct()
            .map(List::of)
        : Stream.of(List.of());
  }

  /**
   * Only errors that concern all writes count; a missing permission says nothing about the server.
   */
  private CompletableFuture<Optional<String>> writesRefused(List<String> key) {
    return link.eval(TAKES_WRITES, key, args -> {})
        .handle(
            (value, failure) -> {
              if (failure == null) {
                return Optional.empty();
              }
              Throwable cause = Failures.cause(failure);
              if (!(cause instanceof RedisCommandExecutionException)) {
                throw new CompletionException(cause);
              }
              return Failures.isOfAllWrites(cause)
                  ? Optional.of(Failures.line(cause).strip())
                  : Optional.empty();
            });
  }

  private static <T> Map<String, T> known(
      Map<String, CompletableFuture<CallResult<Long>>> lengths,
      Function<CallResult<Long>, Optional<T>> part) {
    Map<String, T> known = new HashMap<>();
    lengths.forEach(
        (stream, reply) -> part.apply(reply.join()).ifPresent(it -> known.put(stream, it)));
    return known;
  }

  static Instant instant(List<Object> time) {
    long seconds = Long.parseLong(Link.text(time.get(0)));
    long micros = Long.parseLong(Link.text(time.get(1)));
    return Instant.ofEpochSecond(seconds, micros * 1000);
  }

  /** The commands of one observation; groups of one stream share those about the stream. */
  private final class Round {

    private final Map<String, CompletableFuture<CallResult<Long>>> lengths = new HashMap<>();
    private final Map<String, CompletableFuture<CallResult<List<Object>>>> groups = new HashMap<>();
    private final Map<String, CompletableFuture<CallResult<List<Object>>>> unread = new HashMap<>();

    GroupQuestions ask(ConsumerGroup group, Consumers consumers) {
      // Before the length: entries that are added in between must not give a lag above the length.
      CompletableFuture<CallResult<List<Object>>> rows =
          groups.computeIfAbsent(
              group.stream(),
              stream -> list(CommandType.XINFO, Link.args().add("GROUPS").addKey(stream)));
      return new GroupQuestions(
          group,
          length(group.stream()),
          rows,
          unread.computeIfAbsent(
              group.stream(),
              stream -> CallResult.of(link.eval(UNREAD, List.of(stream), args -> {}))),
          list(CommandType.XPENDING, Link.args().addKey(group.stream()).add(group.group())),
          list(
              CommandType.XPENDING,
              Link.args().addKey(group.stream()).add(group.group()).add("-").add("+").add(1)),
          consumers == Consumers.ALL
              ? list(
                  CommandType.XINFO,
                  Link.args().add("CONSUMERS").addKey(group.stream()).add(group.group()))
              : CompletableFuture.completedFuture(CallResult.unasked()));
    }

    CompletableFuture<CallResult<Long>> length(String stream) {
      return lengths.computeIfAbsent(
          stream, key -> CallResult.of(link.number(CommandType.XLEN, Link.args().addKey(key))));
    }

    private CompletableFuture<CallResult<List<Object>>> list(
        CommandType type, CommandArgs<String, byte[]> args) {
      return CallResult.of(link.list(type, args));
    }
  }
}
