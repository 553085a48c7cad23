package io.streamfleet.redis.group;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * Observes who has the partitions of a stream. All commands are sent at once, one for each lease
 * and three more, each of constant time but the list of the workers; nothing is changed.
 */
public final class PartitionInspection {

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  private final Link link;

  public PartitionInspection(Link link) {
    this.link = link;
  }

  /** Observes several groups, with all commands sent at once. */
  public static CompletableFuture<List<ObservedPartitions>> look(
      Link link, Collection<PartitionedGroup> groups) {
    PartitionInspection inspection = new PartitionInspection(link);
    List<CompletableFuture<ObservedPartitions>> looks =
        groups.stream().map(inspection::look).toList();
    return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
        .thenApply(all -> looks.stream().map(CompletableFuture::join).toList());
  }

  /**
   * Observes once. A command that Redis refuses is a result.
   *
   * @return fails when Redis does not answer; this call itself throws nothing
   */
  public CompletableFuture<ObservedPartitions> look(PartitionedGroup group) {
    PartitionKeys keys = group.keys();
    CompletableFuture<CallResult<List<Object>>> time =
        CallResult.of(link.list(CommandType.TIME, Link.args()));
    CompletableFuture<CallResult<String>> count =
        CallResult.of(link.status(CommandType.GET, Link.args().addKey(keys.count())));
    CompletableFuture<CallResult<List<Object>>> members =
        CallResult.of(
            link.list(
                CommandType.ZRANGE,
                Link.args().addKey(keys.members()).add(0).add(-1).add("WITHSCORES")));
    List<CompletableFuture<CallResult<List<Object>>>> leases =
        group.streams().stream().map(stream -> lease(keys, stream)).toList();
    return CompletableFuture.allOf(
            Stream.concat(Stream.of(time, count, members), leases.stream())
                .toArray(CompletableFuture[]::new))
        .handle(
            (all, failure) -> {
              if (failure != null) {
                throw new CompletionException(Failures.cause(failure));
              }
              // If an ACL forbids TIME, our own clock is used.
              Instant now =
                  time.join().value().map(GroupInspection::instant).orElseGet(Instant::now);
              List<ObservedPartition> partitions = new ArrayList<>();
              for (int i = 0; i < leases.size(); i++) {
                partitions.add(partition(i, leases.get(i).join().value().orElse(List.of()), now));
              }
              return new ObservedPartitions(
                  group,
                  count
                      .join()
                      .value()
                      .filter(it -> it.matches("\\d{1,9}"))
                      .map(it -> OptionalInt.of(Integer.parseInt(it)))
                      .orElseGet(OptionalInt::empty),
                  partitions,
                  members(members.join().value().orElse(List.of()), now),
                  Stream.concat(Stream.of(count, members), leases.stream())
                      .flatMap(it -> it.join().refusal().stream())
                      .findFirst());
            });
  }

  private CompletableFuture<CallResult<List<Object>>> lease(PartitionKeys keys, String stream) {
    return CallResult.of(
        link.list(
            CommandType.HMGET,
            Link.args()
                .addKey(keys.lease(link, stream))
                .add("token")
                .add("owner")
                .add("until")
                .add("epoch")));
  }

  /** See lease.lua of the worker for the fields. */
  private static ObservedPartition partition(int number, List<Object> fields, Instant now) {
    Optional<String> epoch = field(fields, 3);
    Duration left =
        field(fields, 2)
            .map(until -> Duration.between(now, Instant.ofEpochMilli(Long.parseLong(until))))
            .filter(it -> it.isPositive() && field(fields, 0).isPresent())
            .orElse(Duration.ZERO);
    return new ObservedPartition(
        number,
        left.isPositive() ? field(fields, 1) : Optional.empty(),
        epoch.map(Long::parseLong).map(PartitionInspection::granted),
        left);
  }

  /** The epoch is the time of the grant in microseconds, unless the clock went back. */
  private static Instant granted(long epoch) {
    return Instant.ofEpochSecond(
        epoch / MICROS_PER_SECOND, epoch % MICROS_PER_SECOND * NANOS_PER_MICRO);
  }

  private static Optional<String> field(List<Object> fields, int index) {
    return index < fields.size() && fields.get(index) != null
        ? Optional.of(Link.text(fields.get(index))).filter(it -> !it.isEmpty())
        : Optional.empty();
  }

  /** Names and scores: by RESP2 one after the other, by RESP3 in pairs. */
  private static Map<String, Duration> members(List<Object> reply, Instant now) {
    List<Object> flat = new ArrayList<>();
    reply.forEach(
        it -> {
          if (it instanceof List<?> pair) {
            flat.addAll(pair);
          } else {
            flat.add(it);
          }
        });
    Map<String, Duration> members = new TreeMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      Object score = flat.get(i + 1);
      double millis =
          score instanceof Double number ? number : Double.parseDouble(Link.text(score));
      Duration ago = Duration.between(Instant.ofEpochMilli((long) millis), now);
      members.put(Link.text(flat.get(i)), ago.isNegative() ? Duration.ZERO : ago);
    }
    return members;
  }
}
