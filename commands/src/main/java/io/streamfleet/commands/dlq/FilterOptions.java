package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.line.DurationOption;
import io.streamfleet.commands.line.EntryIdOption;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select dead letters. */
final class FilterOptions {

  @Option(
      names = "--id",
      paramLabel = "ID",
      converter = EntryIdOption.class,
      description =
          "The dead letter with this id. This and the following four options may be given several"
              + " times.")
  private Set<EntryId> ids = new LinkedHashSet<>();

  @Option(
      names = "--original-id",
      paramLabel = "ID",
      converter = EntryIdOption.class,
      description = "Letters of the entry that had this id in its stream.")
  private Set<EntryId> originalIds = new LinkedHashSet<>();

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description = "Letters of entries from this stream.")
  private Set<String> streams = new LinkedHashSet<>();

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description =
          "Letters with this reason: undecodable, schema, too_large, payload_lost,"
              + " permanent_failure, max_attempts, max_deliveries, killed_worker,"
              + " killed_endpoint; - selects letters without a reason, as the original Python"
              + " consumer writes them.")
  private Set<String> reasons = new LinkedHashSet<>();

  @Option(
      names = "--cause",
      paramLabel = "ERROR",
      description = "Those of this error, as dlq summary tells it: with N for what varies.")
  private Set<String> causes = new LinkedHashSet<>();

  @Option(
      names = "--channel",
      paramLabel = "CHANNEL",
      description = "Letters with this channel in the payload.")
  private Set<String> channels = new LinkedHashSet<>();

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      converter = DurationOption.class,
      description = "Letters that are at least this old, such as 90s, 1h or 36h.")
  private @Nullable Duration olderThan;

  @Option(
      names = "--newer-than",
      paramLabel = "AGE",
      converter = DurationOption.class,
      description = "Letters that are at most this old.")
  private @Nullable Duration newerThan;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many letters, the oldest first.")
  private @Nullable Long limit;

  DeadLetterFilter filter(ManifestOptions manifest) {
    if (limit != null && limit < 1) {
      throw manifest.bad("--limit must be at least 1");
    }
    Set<String> originals = new LinkedHashSet<>();
    originalIds.forEach(id -> originals.add(id.toString()));
    return new DeadLetterFilter(
        ids,
        originals,
        streams,
        reasons,
        causes,
        channels,
        Optional.ofNullable(olderThan),
        Optional.ofNullable(newerThan));
  }

  long limit() {
    Long given = limit;
    return given == null ? Long.MAX_VALUE : given;
  }

  Set<String> streams() {
    return streams;
  }
}
