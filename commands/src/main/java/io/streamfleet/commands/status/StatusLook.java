package io.streamfleet.commands.status;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.PendingPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedGroup.Presence;
import io.streamfleet.redis.group.PendingWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all groups of a manifest. A look after the first tells the trend since the one before.
 * Not thread-safe.
 */
public final class StatusLook {

  private final StreamConsumerGroupSpec spec;
  private final List<ReadStream> streams;
  private final PendingWatch watch = new PendingWatch();
  private @Nullable Inspection before;

  public StatusLook(StreamConsumerGroupSpec spec) {
    this.spec = spec;
    this.streams = ReadStream.of(spec);
  }

  /**
   * How a fleet does.
   *
   * @param at by the clock of Redis
   * @param deadLetters empty if Redis does not tell
   * @param writesRefused the error of each write, if Redis takes none
   */
  public record FleetStatus(
      Instant at,
      List<GroupStatus> groups,
      OptionalLong deadLetters,
      Optional<String> writesRefused) {}

  /**
   * Looks, by a handful of small commands for each stream.
   *
   * @throws io.lettuce.core.RedisException when Redis fails
   */
  public FleetStatus look(Link link) {
    GroupInspection inspection = new GroupInspection(link, watch);
    Inspection now =
        RedisReply.of(
            () ->
                inspection.look(
                    streams.stream().map(ReadStream::group).toList(),
                    GroupInspection.Consumers.ALL,
                    List.of(spec.deadLetter().stream())));
    Inspection earlier = before == null ? now : before;
    before = now;
    Holdups holdups = new Holdups(spec);
    return new FleetStatus(
        now.at(),
        streams.stream().map(stream -> status(link, holdups, stream, earlier, now)).toList(),
        now.lengthOf(spec.deadLetter().stream()),
        now.writesRefused());
  }

  private GroupStatus status(
      Link link, Holdups holdups, ReadStream stream, Inspection before, Inspection after) {
    ObservedGroup seen = of(stream, after);
    Optional<PendingEntry> oldest =
        seen.presence() == Presence.PRESENT && seen.pending().orElse(0) > 0
            ? new PendingPages(link, stream.group()).oldest()
            : Optional.empty();
    Optional<LimitUse> limit = LimitUse.of(link, spec, stream, after.at());
    return new GroupStatus(
        stream,
        seen,
        Trend.between(of(stream, before), seen, Duration.between(before.at(), after.at())),
        oldest,
        seen.consumers().stream().filter(holdups::isAlive).count(),
        limit,
        holdups.of(stream, seen, oldest, limit, after.writesRefused()));
  }

  private static ObservedGroup of(ReadStream stream, Inspection seen) {
    return seen.groups().stream()
        .filter(it -> it.group().equals(stream.group()))
        .findFirst()
        .orElseThrow();
  }
}
