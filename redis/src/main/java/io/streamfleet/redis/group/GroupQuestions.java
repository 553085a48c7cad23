package io.streamfleet.redis.group;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ObservedGroup.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commands about one group and the interpretation of their replies.
 *
 * @param length XLEN
 * @param groups XINFO GROUPS of the stream
 * @param unread the first unread entry of each group, from unread.lua; without the permission to
 *     run it, the lag is the one that Redis reports
 * @param pending the summary of XPENDING: count, smallest id, greatest id, consumers with counts
 * @param oldest the first row of XPENDING: id, consumer, milliseconds since the last delivery,
 *     delivery count
 * @param consumers XINFO CONSUMERS, if asked for
 */
record GroupQuestions(
    ConsumerGroup group,
    CompletableFuture<CallResult<Long>> length,
    CompletableFuture<CallResult<List<Object>>> groups,
    CompletableFuture<CallResult<List<Object>>> unread,
    CompletableFuture<CallResult<List<Object>>> pending,
    CompletableFuture<CallResult<List<Object>>> oldest,
    CompletableFuture<CallResult<List<Object>>> consumers) {

  Stream<CompletableFuture<?>> questions() {
    return Stream.of(length, groups, unread, pending, oldest, consumers);
  }

  /** Interprets the replies, all of which have arrived. */
  ObservedGroup observed(Instant now, PendingWatch watch) {
    Optional<Map<String, Object>> row =
        groups.join().value().flatMap(rows -> fields(rows).filter(this::isOurs).findFirst());
    OptionalLong stays = length.join().value().map(OptionalLong::of).orElseGet(OptionalLong::empty);
    OptionalLong counted = number(row.map(it -> it.get("lag")));
    Optional<Position> position = position();
    return new ObservedGroup(
        group,
        presence(row.isPresent()),
        stays,
        number(row.map(it -> it.get("pending"))),
        position.filter(Position::hasReadAll).isPresent()
            ? OptionalLong.of(0)
            : stillThere(counted, stays),
        trimmed(counted, stays, position),
        position.map(it -> it.next().map(id -> age(id, now)).orElse(Duration.ZERO)),
        oldest.join().value().flatMap(rows -> oldest(rows, now, watch)),
        consumers
            .join()
            .value()
            .map(GroupQuestions::withTimes)
            .or(() -> pending.join().value().map(GroupQuestions::withCounts))
            .orElse(List.of()),
        Stream.of(length, groups, pending, consumers)
            .flatMap(it -> it.join().refusal().stream())
            .findFirst());
  }

  /** Redis also counts entries that were trimmed; no more can be unread than exist. */
  private static OptionalLong stillThere(OptionalLong counted, OptionalLong length) {
    return counted.isPresent() && length.isPresent()
        ? OptionalLong.of(Math.min(counted.getAsLong(), length.getAsLong()))
        : counted;
  }

  /**
   * After the group has read on, it can't be told apart from entries that were read and then
   * trimmed.
   */
  private static OptionalLong trimmed(
      OptionalLong counted, OptionalLong length, Optional<Position> position) {
    if (counted.isEmpty() || length.isEmpty() || position.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        position.get().hasReadNothing()
            ? Math.max(0, counted.getAsLong() - length.getAsLong())
            : 0);
  }

  /**
   * Where the group continues.
   *
   * @param next the first entry that it has not read; empty if it has read all
   * @param hasReadNothing whether that is the first entry of the stream
   */
  private record Position(Optional<EntryId> next, boolean hasReadNothing) {
    boolean hasReadAll() {
      return next.isEmpty();
    }

    static Position of(List<?> row) {
      String id = Link.text(row.get(1));
      return new Position(
          id.isEmpty() ? Optional.empty() : Optional.of(EntryId.parse(id)), row.get(2).equals(1L));
    }
  }

  /** Empty if it could not be found out. */
  private Optional<Position> position() {
    return unread.join().value().stream()
        .flatMap(List::stream)
        .map(row -> (List<?>) row)
        .filter(row -> Link.text(row.get(0)).equals(group.group()))
        .map(Position::of)
        .findFirst();
  }

  /** By the clock of Redis; an id may be arbitrary, and so in the future. */
  private static Duration age(EntryId id, Instant now) {
    Duration age = id.millis() < 0 ? Duration.ZERO : Duration.between(id.time(), now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  private boolean isOurs(Map<String, Object> row) {
    return Link.text(row.getOrDefault("name", "")).equals(group.group());
  }

  private Presence presence(boolean found) {
    CallResult<List<Object>> answer = groups.join();
    if (found) {
      return Presence.PRESENT;
    }
    if (answer.missing()) {
      return Presence.NO_STREAM;
    }
    return answer.value().isPresent() ? Presence.NO_GROUP : Presence.UNKNOWN;
  }

  private Optional<OldestPending> oldest(List<Object> rows, Instant now, PendingWatch watch) {
    if (rows.isEmpty() || !(rows.getFirst() instanceof List<?> row)) {
      watch.sawNone(group);
      return Optional.empty();
    }
    EntryId id = EntryId.parse(Link.text(row.get(0)));
    return Optional.of(
        new OldestPending(
            age(id, now), watch.saw(group, id, time(row.get(2)).orElse(Duration.ZERO))));
  }

  private static List<ObservedConsumer> withTimes(List<Object> rows) {
    return fields(rows)
        .map(
            row ->
                new ObservedConsumer(
                    Link.text(row.getOrDefault("name", "")),
                    number(Optional.ofNullable(row.get("pending"))).orElse(0),
                    time(row.get("idle")),
                    time(row.get("inactive"))))
        .toList();
  }

  private static List<ObservedConsumer> withCounts(List<Object> summary) {
    List<ObservedConsumer> consumers = new ArrayList<>();
    if (summary.size() == 4 && summary.get(3) instanceof List<?> rows) {
      for (Object row : rows) {
        List<?> pair = (List<?>) row;
        long count = Long.parseLong(Link.text(pair.get(1)));
        consumers.add(
            new ObservedConsumer(
                Link.text(pair.get(0)), count, Optional.empty(), Optional.empty()));
      }
    }
    return consumers;
  }

  /** Rows of alternating names and values; unknown values are left out. */
  private static Stream<Map<String, Object>> fields(List<Object> rows) {
    return rows.stream()
        .map(
            row -> {
              Map<String, Object> fields = new HashMap<>();
              List<?> flat = (List<?>) row;
              for (int i = 0; i + 1 < flat.size(); i += 2) {
                Object value = flat.get(i + 1);
                if (value != null) {
                  fields.put(Link.text(flat.get(i)), value);
                }
              }
              return fields;
            });
  }

  private static OptionalLong number(Optional<Object> value) {
    return value.isPresent() && value.get() instanceof Long number
        ? OptionalLong.of(number)
        : OptionalLong.empty();
  }

  /** A consumer that was never active has -1 there. */
  private static Optional<Duration> time(@Nullable Object millis) {
    return millis instanceof Long number && number >= 0
        ? Optional.of(Duration.ofMillis(number))
        : Optional.empty();
  }
}
